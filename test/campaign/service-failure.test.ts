import { describe, expect, it } from '@jest/globals';
import type { FailureReason } from '../../src/campaign/results.ts';
import { createServiceFailureLog, type ServiceFailure } from '../../src/campaign/service-failure.ts';
import { locales, plain, translatorFor } from '../../src/locales/translator.ts';
import { campaignReasons } from '../locales/closed-sets.ts';

function watched() {
  const lines: string[] = [];
  const fields: object[] = [];
  const line = (level: string) => (some: object, message: string) => {
    lines.push(`${level}: ${message}`);
    fields.push(some);
  };
  return { lines, fields, watchOf: createServiceFailureLog({ warn: line('warn'), info: line('info') }) };
}

const trouble = (reason: FailureReason): ServiceFailure => ({
  reason,
  code: null,
  status: 503,
  host: 'mc.adobe.io',
  proxy: null,
});

describe('the troubles of a service', () => {
  it('are logged when they begin and when they are over, however many requests meet them', () => {
    const { lines, watchOf } = watched();
    const watch = watchOf('Campaign', 'prod');
    for (let times = 0; times < 2; times += 1) {
      for (const one of [null, null, trouble('timeout'), trouble('timeout'), null, null]) watch(one);
    }
    const spell = ['warn: Campaign cannot be used', 'info: Campaign can be used again'];
    expect(lines).toEqual([...spell, ...spell]);
  });

  it('are logged once for each reason, also where reasons take turns', () => {
    const { fields, watchOf } = watched();
    const watch = watchOf('IMS', 'prod');
    for (let times = 0; times < 5; times += 1) {
      watch(trouble('ims_unreachable'));
      watch(trouble('ims_tls_failed'));
    }
    expect(fields).toEqual([
      { service: 'IMS', environment: 'prod', ...trouble('ims_unreachable'), waitingHelps: true },
      { service: 'IMS', environment: 'prod', ...trouble('ims_tls_failed'), waitingHelps: false },
    ]);
  });

  it('are those of one environment, and are still known when the configuration was read again', () => {
    const { lines, watchOf } = watched();
    watchOf('Campaign', 'prod')(trouble('no_connection'));
    watchOf('Campaign', 'stage')(null);
    watchOf('IMS', 'prod')(null);
    watchOf('Campaign', 'prod')(trouble('no_connection'));
    expect(lines).toEqual(['warn: Campaign cannot be used']);
    watchOf('Campaign', 'prod')(null);
    expect(lines.at(-1)).toBe('info: Campaign can be used again');
  });
});

/** Here it depends, or the reason is about one workflow. */
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

it.each(locales)(
  'people who read %s are told that waiting does not help where the log says so, and nowhere else',
  (locale) => {
    const words = translatorFor(locale);
    for (const reason of campaignReasons.filter((one) => !undecided.has(one))) {
      const { fields, watchOf } = watched();
      watchOf('Campaign', 'prod')(trouble(reason));
      const said = plain(words.translate(`campaign.${reason}`)).includes(waitingDoesNotHelp[locale]);
      expect(fields).toMatchObject([{ reason, waitingHelps: !said }]);
    }
  },
);
