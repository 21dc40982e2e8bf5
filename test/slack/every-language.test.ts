import { describe, expect, it } from '@jest/globals';
import { checkModal } from '../../sandbox/slack/views/modal.ts';
import { verbs } from '../../src/commands/command.ts';
import { timeIn } from '../../src/commands/vocabulary/usual-times.ts';
import { foreign, user } from '../../src/locales/phrase.ts';
import { type FormTerms, formView } from '../../src/slack/form/form-view.ts';
import { people, policyOf, ruleOf } from '../access/policy.fixture.ts';
import { openHarness, vocabulary } from './listeners/harness.fixture.ts';
import { contexts } from './message-contexts.ts';
import { expectCompleteText } from './shown-text.ts';

const policy = policyOf([
  ruleOf('Operators', {
    channels: new Set(['C0OPS']),
    people: people('U0ALICE'),
    environments: new Set(['prod', 'stage']),
    actions: new Set([
      'start',
      'pause',
      'resume',
      'stop',
      'freeze',
      'unfreeze',
      'watch',
      'unwatch',
      'status',
      'history',
      'access',
    ]),
  }),
]);

const everyTerms: readonly FormTerms[] = [
  { lines: [[foreign('Stop')], [foreign('Needs nobody')]], isReasonRequired: false, reasonFormat: null },
  { lines: [[foreign('Stop')], [user('U0BOB')]], isReasonRequired: true, reasonFormat: 'a ticket, as in OPS-12' },
  { lines: [[foreign('Stop')], [user('U0BOB')]], isReasonRequired: false, reasonFormat: 'x'.repeat(300) },
];

describe.each(contexts)('in $translator.locale', (context) => {
  it('answers to commands are valid for Slack, and have complete texts', async () => {
    await using harness = await openHarness(policy, vocabulary, context);
    const commands = [
      'help',
      'access',
      'access <@U0BOB>',
      'stop WKF110 x',
      'freeze prod 2h x',
      'watch',
      'watch WKF110 --env prod',
      'watch WKF110 --env prod at 02:00',
      'unwatch WKF110 --env prod',
      'status WKF110',
      'history',
    ];
    for (const text of [...commands, 'history WKF110', 'approve 7K3M9QPA', 'stpo', '']) {
      for (const person of ['U0ALICE', 'U0DAVE', 'U0GINA', 'U0PAT', 'U0GONE', 'U0ROBOT']) {
        expectCompleteText(await harness.answer(person, text));
      }
    }
  });

  it('times are suggested as people type them in that language', async () => {
    await using harness = await openHarness(policy, vocabulary, context);
    const { locale } = context.translator;
    expect((await harness.answer('U0ALICE', 'help')).text).toContain(`… ${timeIn(locale, 'at 02:00')}`);
    expect((await harness.answer('U0ALICE', 'pause WKF110 --env prod until 18')).text).toContain(
      timeIn(locale, 'until 18:00'),
    );
    expect((await harness.answer('U0ALICE', 'start WKF110 --env prod until 18:00')).text).toContain(
      timeIn(locale, 'at 18:00'),
    );
    expect((await harness.answer('U0ALICE', 'start WKF110 --env prod at 1500')).text).toContain(
      timeIn(locale, 'friday 06:15'),
    );
  });

  it('the form is valid for Slack', () => {
    const environments = ['prod', 'stage'];
    const workflow = { kind: 'id', workflowId: 'WKF110', environment: 'prod' } as const;
    const form = { origin: { channel: 'C0OPS', interaction: '1.2' }, commands: verbs, environments };
    for (const preset of [{ verb: null, workflow: null }, { verb: 'stop', workflow } as const]) {
      for (const terms of [null, ...everyTerms]) {
        const checked = checkModal(formView({ ...form, preset, terms }, vocabulary, context));
        expect(checked).toMatchObject({ ok: true });
      }
    }
  });
});
