import { describe, expect, it } from '@jest/globals';
import { actOnMessage, openEmptyForm } from '../../../src/slack/listeners/open-form.ts';
import { messageName } from '../../../src/slack/names.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { neverAborted, submission } from '../../requests/ledger/ledger.fixture.ts';
import { linesOf } from '../shown-text.ts';
import { type Harness, openHarness } from './harness.fixture.ts';

const everywhere = { channels: new Set(['C0OPS']), environments: new Set(['prod', 'stage']) };
const policy = policyOf([
  ruleOf('Operators', { ...everywhere, people: people('U0ALICE'), actions: new Set(['start', 'history']) }),
  ruleOf('Readers', { ...everywhere, people: people('U0CAROL'), actions: new Set(['status']) }),
]);

const shortcutBy = (id: string, request: string) => ({
  user: { id },
  team: { id: 'T0ACME' },
  channel: { id: 'C0OPS' },
  trigger_id: `shortcut-${id}`,
  message: { blocks: [{ block_id: messageName(request) }] },
});

async function announced({ ledger }: Harness, id: string): Promise<void> {
  const order = { workflowId: 'WKF110', environment: 'stage', organization: 'acme-stage' };
  await ledger.submit(submission(id, order), neverAborted);
}

describe('a form that is refused', () => {
  it.each(['U0DAVE', 'U0CAROL'])('is recorded for %s with the reason, and is in the history', async (person) => {
    await using harness = await openHarness(policy);
    const message = await openEmptyForm(harness.invocation(person), harness.ports);
    expect(message && linesOf(message)).toEqual([expect.stringContaining('and you are not among them')]);
    expect(harness.forms).toEqual([]);
    const [request] = await harness.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 9 });
    expect(request).toMatchObject({
      requester: person,
      state: 'refused',
      order: { verb: 'form', workflowId: '*', environment: '', reason: '' },
      end: { because: { kind: 'access', refusal: { reason: 'not_permitted' } } },
      outcomePost: { done: { via: 'private' } },
    });
    const [, what, who] = await harness.type('U0ALICE', 'history');
    expect(what).toBe('⛔ the form · {time}');
    expect(who).toMatch(new RegExp(`^@${person} · .* Why: `));
  });

  it('is recorded with the workflow of the announcement from which it was opened', async () => {
    await using harness = await openHarness(policy);
    await announced(harness, 'REQUEST1');
    const message = await actOnMessage(shortcutBy('U0DAVE', 'REQUEST1'), harness.ports);
    expect(message && linesOf(message)).toEqual([expect.stringContaining('and you are not among them')]);
    const [, what, who] = await harness.type('U0ALICE', 'history WKF110 --env stage');
    expect(what).toBe('⛔ the form for WKF110 (stage) · {time}');
    expect(who).toMatch(/^@U0DAVE · .* Why: /);
  });

  it('names the people who may use any command', async () => {
    const stops = ruleOf('Leads', { ...everywhere, people: people('U0ALICE'), actions: new Set(['stop']) });
    await using harness = await openHarness(policyOf([stops, ...policy.rules.slice(1)]));
    const message = await openEmptyForm(harness.invocation('U0CAROL'), harness.ports);
    expect(message && linesOf(message)).toEqual([expect.stringContaining('@U0ALICE may do this in #C0OPS')]);
  });

  it('is not recorded where it is opened', async () => {
    await using harness = await openHarness(policy);
    expect(await openEmptyForm(harness.invocation('U0ALICE'), harness.ports)).toBeNull();
    expect(harness.forms).toHaveLength(1);
    expect(await harness.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 9 })).toEqual([]);
  });
});

describe('a refused query', () => {
  it('is in the history with its workflow', async () => {
    await using harness = await openHarness(policy);
    await harness.type('U0DAVE', 'status WKF110 --env stage');
    await harness.type('U0DAVE', 'history --env stage');
    expect((await harness.type('U0ALICE', 'history')).slice(1)).toEqual([
      '⛔ history all workflows (stage) · {time}',
      expect.stringMatching(/^@U0DAVE · .* Why: /),
      '⛔ status WKF110 (stage) · {time}',
      expect.stringMatching(/^@U0DAVE · .* Why: /),
    ]);
  });
});
