import { describe, expect, it } from '@jest/globals';
import type { FailureReason } from '../../src/campaign/results.ts';
import { createServiceFailureLog, type ServiceFailure } from '../../src/campaign/service-failure.ts';
import { locales, plain, translatorFor } from '../../src/locales/translator.ts';
import { createTroubleLog } from '../../src/trouble-log.ts';
import { campaignReasons } from '../locales/closed-sets.ts';

function recordedLog() {
  const lines: string[] = [];
  const fields: object[] = [];
  const line = (level: string) => (some: object, message: string) => {
    lines.push(`${level}: ${message}`);
    fields.push(some);
  };
  const { watch } = createTroubleLog({ log: { warn: line('warn'), info: line('info') }, calmMs: 0 });
  return { lines, fields, monitorOf: createServiceFailureLog(watch) };
}

const failure = (reason: FailureReason): ServiceFailure => ({
  reason,
  code: null,
  status: 503,
  host: 'mc.adobe.io',
  proxy: null,
});

describe('the failures of a service', () => {
  it('are logged once at the beginning and once at the end, however many requests fail', () => {
    const { lines, monitorOf } = recordedLog();
    const monitor = monitorOf('Campaign', 'acme-prod', 'prod');
    for (let times = 0; times < 2; times += 1) {
      for (const one of [null, null, failure('timeout'), failure('timeout'), null, null]) monitor(one);
    }
    const period = ['warn: Campaign cannot be used', 'info: Campaign can be used again'];
    expect(lines).toEqual([...period, ...period]);
  });

  it('are logged once for each reason, also when reasons alternate', () => {
    const { fields, monitorOf } = recordedLog();
    const monitor = monitorOf('IMS', 'acme-prod', 'prod');
    for (let times = 0; times < 5; times += 1) {
      monitor(failure('ims_unreachable'));
      monitor(failure('ims_tls_failed'));
    }
    expect(fields).toEqual([
      { service: 'IMS', environment: 'prod', ...failure('ims_unreachable'), waitingHelps: true },
      { service: 'IMS', environment: 'prod', ...failure('ims_tls_failed'), waitingHelps: false },
    ]);
  });

  it.each([
    [true, 'rate_limited gateway_busy gateway_unavailable no_connection timeout connection_lost server_error'],
    [true, 'ims_unreachable ims_busy'],
    [false, 'bad_request workflow_not_found token_refused key_or_scope tls_failed host_not_found proxy_refused'],
    [false, 'ims_refused ims_unexpected_answer ims_tls_failed ims_host_not_found ims_proxy_refused token_ended'],
  ] as const)('are logged with whether waiting helps: %s for %s', (waitingHelps, reasons) => {
    for (const reason of campaignReasons.filter((one) => reasons.split(' ').includes(one))) {
      const { fields, monitorOf } = recordedLog();
      monitorOf('Campaign', 'acme-prod', 'prod')(failure(reason));
      expect(fields).toMatchObject([{ reason, waitingHelps }]);
    }
    expect(campaignReasons).toEqual(expect.arrayContaining(reasons.split(' ')));
  });

  it('end under the current name of the environment', () => {
    const { lines, fields, monitorOf } = recordedLog();
    const kept = monitorOf('IMS', 'credentials', 'stage');
    kept(failure('ims_unreachable'));
    monitorOf('IMS', 'credentials', 'test, demo');
    kept(null);
    expect(lines).toEqual(['warn: IMS cannot be used', 'info: IMS can be used again']);
    expect(fields).toMatchObject([{ environment: 'stage' }, { environment: 'test, demo' }]);
  });

  it('belong to one environment, and are still known after the configuration was reloaded', () => {
    const { lines, monitorOf } = recordedLog();
    monitorOf('Campaign', 'acme-prod', 'prod')(failure('no_connection'));
    monitorOf('Campaign', 'acme-stage', 'stage')(null);
    monitorOf('IMS', 'acme-prod', 'prod')(null);
    monitorOf('Campaign', 'acme-prod', 'prod')(failure('no_connection'));
    expect(lines).toEqual(['warn: Campaign cannot be used']);
    monitorOf('Campaign', 'acme-prod', 'prod')(null);
    expect(lines.at(-1)).toBe('info: Campaign can be used again');
  });
});

/** Reasons that do not say whether waiting helps, or are about one workflow. */
const undecided: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'workflow_not_found',
  'token_refused',
  'other',
  'entry_error',
  'campaign_error',
]);

const waitingDoesNotHelp = {
  en: 'Waiting does not help',
  fr: 'Attendre ne sert à rien',
  sv: 'Det hjälper inte att vänta',
  'pt-BR': 'Não adianta esperar',
  it: 'Aspettare non serve',
  es: 'Esperar no sirve',
  de: 'Warten hilft nicht',
};

it.each(locales)('texts in %s say that waiting does not help for the same reasons as the log', (locale) => {
  const translator = translatorFor(locale);
  for (const reason of campaignReasons.filter((one) => !undecided.has(one))) {
    const { fields, monitorOf } = recordedLog();
    monitorOf('Campaign', 'acme-prod', 'prod')(failure(reason));
    const saysSo = plain(translator.translate(`campaign.${reason}`)).includes(waitingDoesNotHelp[locale]);
    expect(fields).toMatchObject([{ reason, waitingHelps: !saysSo }]);
  }
});
