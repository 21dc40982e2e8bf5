import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classify } from '../../src/campaign/classify.ts';
import { summarizeResponse } from '../../src/campaign/response-summary.ts';

const gateway = (code: string) => JSON.stringify({ error_code: code, message: 'words' });
const oops = (code: number) => JSON.stringify({ code, message: 'Oops. Something went wrong.' });
const rst = 'RST-360011 An error has occurred - please contact your administrator.';

describe('any response', () => {
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.constantFrom(rst, oops(500), oops(502), '{"error_code":', '{'),
    fc.constantFrom('401013', '429050', '503000', '403023', '500000').map(gateway),
  );
  const headers = fc.dictionary(
    fc.constantFrom('retry-after', 'content-type', 'x-request-id'),
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('1', '-1', '1e9', new Date(0).toUTCString(), 'application/json'),
    ),
  );
  const status = fc.oneof(fc.integer({ min: 100, max: 599 }), fc.integer(), fc.constantFrom(401, 408, 429, 503));
  const answer = fc.record({ status, headers, body });

  it('is classified and summarized without an error', () => {
    fc.assert(
      fc.property(answer, fc.integer(), (given, now) => {
        const verdict = classify(given, now);
        const { text } = summarizeResponse(given, ['secret']);
        expect(['accepted', 'rejected', 'not_reached', 'unknown']).toContain(verdict.kind);
        expect(text?.length ?? 0).toBeLessThanOrEqual(300);
        if (verdict.kind === 'not_reached') expect(verdict.retryAfterMs ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('permits sending again only with a gateway error', () => {
    fc.assert(
      fc.property(answer, (given) => {
        if (classify(given, 0).kind !== 'not_reached') return;
        expect([401, 429, 503]).toContain(given.status);
        expect(JSON.parse(given.body).error_code).toMatch(new RegExp(`^${given.status}`));
      }),
    );
  });

  it("is unknown for every 3xx, 408 and 5xx except the gateway's 503", () => {
    const unknownStatus = fc.oneof(
      fc.integer({ min: 300, max: 399 }),
      fc.constant(408),
      fc.integer({ min: 500, max: 599 }),
    );
    fc.assert(
      fc.property(answer, unknownStatus, (given, code) => {
        const verdict = classify({ ...given, status: code }, 0);
        const isGatewayError =
          verdict.kind === 'not_reached' && verdict.reason === 'gateway_unavailable' && code === 503;
        expect(verdict.kind === 'unknown' || isGatewayError).toBe(true);
      }),
    );
  });

  it("is a rejection for every 4xx except 408, or the gateway's refusal", () => {
    const refused = fc.integer({ min: 400, max: 499 }).filter((code) => code !== 408);
    fc.assert(
      fc.property(answer, refused, (given, code) => {
        expect(['rejected', 'not_reached']).toContain(classify({ ...given, status: code }, 0).kind);
      }),
    );
  });
});
