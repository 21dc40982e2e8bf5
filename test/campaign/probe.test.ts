import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fault, PretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import { type CampaignClient, createCampaignClient } from '../../src/campaign/campaign.ts';
import type { CampaignState, WorkflowObservation } from '../../src/campaign/results.ts';
import { fixedToken } from '../../src/campaign/tokens.ts';
import { readState } from '../../src/campaign/workflow-state.ts';
import { httpAnswer, startBareServer } from './bare-server.ts';
import { startCampaign } from './campaign.fixture.ts';

const seen = (field: string, raw: string, reading: CampaignState | null): WorkflowObservation => ({
  kind: 'seen',
  reading,
  field,
  raw,
});

describe('a probe of a workflow', () => {
  let pretend: PretendCampaign;
  let campaign: CampaignClient;
  beforeEach(async () => {
    ({ pretend, campaign } = await startCampaign());
  });
  afterEach(() => pretend.close());

  it.each([
    ['WKF110', 'started', 'in_progress'],
    ['WKF111', 'edition', 'editing'],
    ['WKF112', 'warning', 'warning'],
    ['WKF113', 'error', 'erroneous'],
  ] as const)('reads the state of %s', async (id, raw, reading) => {
    expect(await campaign.probe(id)).toEqual(seen('logicalStatus', raw, reading));
  });

  it('finds no workflow with this ID', async () => {
    expect(await campaign.probe('WKF999')).toMatchObject({ kind: 'not_found', answer: { status: 404 } });
  });

  const failures: [Fault, string][] = [
    ['gateway_503', 'gateway_unavailable'],
    ['scope_403003', 'key_or_scope'],
    ['rst_500', 'campaign_error'],
    ['redirect_302', 'redirected'],
    ['sign_in_200', 'unexpected_answer'],
    ['gateway_200', 'unexpected_answer'],
    ['packed_200', 'unexpected_answer'],
    ['huge_body', 'answer_too_large'],
    ['drop_after', 'connection_lost'],
    ['ims_down', 'ims_unreachable'],
  ];

  it.each(failures)('reports the failure %s', async (fault, reason) => {
    pretend.fail(fault);
    expect(await campaign.probe('WKF110')).toMatchObject({ kind: 'failed', reason });
  });

  it('is slow after the time limit of people who wait', async () => {
    expect(await campaign.probe('WKF110', 60_000)).toEqual(seen('logicalStatus', 'started', 'in_progress'));
    pretend.fail('hang');
    expect(await campaign.probe('WKF110', 100)).toEqual({ kind: 'slow' });
  });

  it('is repeated once with a new token after an expired one', async () => {
    await campaign.probe('WKF110');
    pretend.revokeTokens();
    expect(await campaign.probe('WKF110')).toMatchObject({ kind: 'seen' });
    for (const fault of ['gateway_401013', 'number_401013'] as const) {
      pretend.fail(fault);
      expect(await campaign.probe('WKF110')).toMatchObject({ kind: 'seen' });
      pretend.fail(fault, { times: 2 });
      expect(await campaign.probe('WKF110')).toMatchObject({ kind: 'failed', reason: 'token_expired' });
      expect(await campaign.probe('WKF110')).toMatchObject({ kind: 'seen' });
    }
  });
});

describe('a look', () => {
  it.each([
    [429, 'application/json', '{"error_code":"429050","message":"Too many requests"}', 7_000],
    [429, 'text/html', '<html><body>Too many requests</body></html>', 7_000],
    [503, 'text/plain', 'Service unavailable', 7_000],
    [500, 'text/plain', 'An error has occurred', null],
  ])('says how long a %i of type %s asks not to be called', async (status, type, body, retryAfterMs) => {
    const headers = { 'Content-Type': type, 'Retry-After': '7' };
    const server = await startBareServer((socket) => socket.end(httpAnswer(status, body, headers)));
    try {
      const tokens = fixedToken('token');
      const campaign = createCampaignClient({ apiUrl: server.url, organization: 'acme', apiKey: 'key', tokens });
      expect(await campaign.look('WKF110')).toMatchObject({ observation: { kind: 'failed' }, retryAfterMs });
    } finally {
      await server.close();
    }
  });
});

describe('a 404', () => {
  const json = 'application/json';
  it.each([
    ['text/plain', 'RST-360011 An error has occurred - please contact your administrator.', 'not_found'],
    ['text/plain', "Unable to find document with path 'workflow' from key 'WKF300'", 'not_found'],
    ['text/plain', 'Unable to decrypt PKey. (PKey=@x)', 'not_found'],
    ['text/plain', 'An error has occurred - please contact your administrator.', 'not_found'],
    ['text/html', 'RST-360011 An error has occurred', 'not_found'],
    [json, '{"error":{"code":404,"message":"no such workflow"}}', 'not_found'],
    [json, '{"error_code":"404000","message":"Resource not found"}', 'failed'],
    [json, '{"error_code":404000}', 'failed'],
    [json, '{"code":404,"message":"Oops. Something went wrong. Check your URI and try again."}', 'failed'],
    [json, '<html><body>404 Not Found</body></html>', 'failed'],
    ['text/html', '<html><body>404 Not Found, RST-1</body></html>', 'failed'],
    ['text/html', '{"page":"not found"}', 'failed'],
    ['text/plain', 'Not Found', 'failed'],
    ['text/plain', '', 'failed'],
    [json, '{"error":', 'failed'],
    [json, '{"message":"Workflow WKF300 was not found."}', 'not_found'],
    [json, '{"error":{"code":"RST-360011","message":"An error has occurred"}}', 'not_found'],
    [json, '{"message":"no Route matched with those values"}', 'failed'],
    [
      json,
      '{"timestamp":"2026-11-10T12:00:00Z","status":404,"error":"Not Found","path":"/acme/campaign/workflow/execution/WKF300"}',
      'failed',
    ],
    [json, '{"message":"Cannot GET /acme/campaign/workflow/execution/first-load"}', 'failed'],
    [json, '{"detail":"Not Found"}', 'failed'],
    [json, '{"statusCode":404,"message":"Resource not found"}', 'failed'],
    [json, '{"type":"about:blank","title":"Not Found","status":404}', 'failed'],
    [json, '{}', 'failed'],
    ['text/plain', 'Cannot GET /acme/campaign/workflow/execution/first-load', 'failed'],
  ])('of type %s with %j is %s', async (type, body, kind) => {
    const server = await startBareServer((socket) => socket.end(httpAnswer(404, body, { 'Content-Type': type })));
    try {
      const tokens = fixedToken('token');
      const campaign = createCampaignClient({ apiUrl: server.url, organization: 'acme', apiKey: 'key', tokens });
      expect(await campaign.probe('WKF300')).toMatchObject({ kind, answer: { status: 404 } });
    } finally {
      await server.close();
    }
  });
});

describe('the state in a response', () => {
  const table: [unknown, WorkflowObservation][] = [
    [{ logicalStatus: 'started' }, seen('logicalStatus', 'started', 'in_progress')],
    [{ logicalStatus: 'Finished' }, seen('logicalStatus', 'Finished', 'finished')],
    [{ status: 'In Progress' }, seen('status', 'In Progress', 'in_progress')],
    [{ status: 'in_progress' }, seen('status', 'in_progress', 'in_progress')],
    [{ status: 'Paused' }, seen('status', 'Paused', 'warning')],
    [{ executionState: 'ERROR' }, seen('executionState', 'ERROR', 'erroneous')],
    [{ state: 'stopping' }, seen('state', 'stopping', 'in_progress')],
    [{ state: 'stopped' }, seen('state', 'stopped', 'finished')],
    [{ state: 0 }, seen('state', '0', 'editing')],
    [{ state: 2 }, seen('state', '2', 'in_progress')],
    [{ state: 10 }, seen('state', '10', 'in_progress')],
    [{ state: 11 }, seen('state', '11', 'in_progress')],
    [{ state: '11' }, seen('state', '11', 'in_progress')],
    [{ state: 12 }, seen('state', '12', 'in_progress')],
    [{ state: 13 }, seen('state', '13', 'warning')],
    [{ state: 14 }, seen('state', '14', 'in_progress')],
    [{ state: 15 }, seen('state', '15', 'in_progress')],
    [{ state: 16 }, seen('state', '16', 'in_progress')],
    [{ state: 17 }, seen('state', '17', 'in_progress')],
    [{ state: 18 }, seen('state', '18', 'in_progress')],
    [{ state: 20 }, seen('state', '20', 'finished')],
    [{ state: 21 }, seen('state', '21', null)],
    [{ status: 'zzz' }, seen('status', 'zzz', null)],
    [{ state: 20, logicalStatus: 'started' }, seen('logicalStatus', 'started', 'in_progress')],
    [{ state: 20, logicalStatus: 'zzz' }, seen('logicalStatus', 'zzz', null)],
    [{ state: 11, logicalStatus: ' ' }, seen('state', '11', 'in_progress')],
    [{ state: 11, status: { deep: 1 } }, seen('state', '11', 'in_progress')],
    [{ state: 11, failed: true }, seen('state', '11, failed', 'erroneous')],
    [{ state: 11, failed: 1 }, seen('state', '11, failed', 'erroneous')],
    [{ state: 11, failed: 'true' }, seen('state', '11, failed', 'erroneous')],
    [{ state: 11, failed: false }, seen('state', '11', 'in_progress')],
    [{ state: 11, failed: 0 }, seen('state', '11', 'in_progress')],
    [{ state: 11, failed: { toString: 1 } }, seen('state', '11', 'in_progress')],
    [{ failed: true }, seen('failed', 'failed', 'erroneous')],
    [{ workflow: { state: 13 } }, seen('workflow.state', '13', 'warning')],
    [{ execution: { status: 'finished' } }, seen('execution.status', 'finished', 'finished')],
    [{ status: 'started', workflow: { failed: true } }, seen('status', 'started, failed', 'erroneous')],
    [{ execution: 'nothing', state: 13 }, seen('state', '13', 'warning')],
    [{ activities: { activity: { query: { status: 'finished' } } } }, { kind: 'not_shown' }],
    [{ PKey: '@x', nextProcessingDate: '' }, { kind: 'not_shown' }],
    [[{ state: 11 }], { kind: 'not_shown' }],
    [null, { kind: 'not_shown' }],
    ['started', { kind: 'not_shown' }],
  ];

  it.each<[CampaignState, string]>([
    ['editing', 'edition, editing, edited'],
    ['in_progress', 'in progress, inprogress, started, starting, running, pausing, resuming, stopping, restarting'],
    ['finished', 'finished, stopped'],
    ['warning', 'warning, paused'],
    ['erroneous', 'erroneous, error, failed'],
  ])('is %s by any of these names: %s', (reading, names) => {
    const states = names.split(', ').map((status) => readState(JSON.stringify({ status }), []));
    expect(states).toEqual(names.split(', ').map((status) => seen('status', status, reading)));
  });

  it.each(table)('%j → %j', (json, expected) => {
    expect(readState(JSON.stringify(json), [])).toEqual(expected);
  });

  it.each(['', '<html>', '{"state":', 'started'])('is not shown without JSON: %j', (body) => {
    expect(readState(body, [])).toEqual({ kind: 'not_shown' });
  });

  it('is cut to 80 characters, the flag included, and contains no secret', () => {
    const long = (failed: boolean) => readState(JSON.stringify({ status: 'x'.repeat(200), failed }), []);
    expect(long(false)).toEqual(seen('status', 'x'.repeat(80), null));
    expect(long(true)).toEqual(seen('status', `${'x'.repeat(72)}, failed`, 'erroneous'));
    expect(readState('{"status":"a s3cret\\u0000"}', ['s3cret'])).toEqual(seen('status', 'a [secret]\uFFFD', null));
  });

  it('never fails to parse, whatever Campaign sends', () => {
    const names = fc.constantFrom(
      'logicalStatus',
      'status',
      'state',
      'executionState',
      'failed',
      'workflow',
      'execution',
    );
    const json = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(names, fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue()))),
    );
    fc.assert(
      fc.property(json, (value) => {
        const result = readState(JSON.stringify(value), []);
        expect(result.kind === 'not_shown' || result.raw.length <= 80).toBe(true);
      }),
    );
  });
});
