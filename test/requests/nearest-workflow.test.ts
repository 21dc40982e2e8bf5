import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import { nearestWorkflow } from '../../src/requests/steps/decide/nearest-workflow.ts';
import { noon } from './events.fixture.ts';
import { requestAfter } from './request.fixture.ts';
import { lists, openScene, policyOf } from './scene/scene.fixture.ts';

const policy = policyOf(lists);

/** The policy of both environments, with other rules in stage. */
function inStage(change: Partial<Policy['rules'][number]>): Policy {
  const rules = policy.rules.flatMap((rule) => [
    { ...rule, environments: new Set(['prod']) },
    { ...rule, environments: new Set(['stage']), ...change },
  ]);
  return { ...policy, rules };
}

const frozen: Policy = {
  ...policy,
  freezes: [
    {
      environments: new Set(['stage']),
      verbs: new Set(['start', 'stop']),
      because: 'month-end',
      time: { kind: 'period', from: noon - 1, until: noon + 3_600_000 },
    },
  ],
};
const nobody = { people: { users: new Set<string>(), groups: new Set<string>() } };
const hint = 'a change number';
const inTheOther = { workflowId: 'WKF110', alias: null, environment: 'stage' };

it.each([
  ['the rules there permit it', policy, inTheOther],
  ['the rule there requires a reason', inStage({ reasonRequired: true }), inTheOther],
  [
    'the rule there requires a reason of another format',
    inStage({ reasonFormat: { pattern: 'CHG\\d+', hint } }),
    inTheOther,
  ],
  ['it is frozen', frozen, inTheOther],
  ['nothing is permitted there', inStage(nobody), null],
  ['the rules there apply in another channel', inStage({ channels: new Set(['C0OTHER']) }), null],
] as const)('a workflow that only the other environment has is suggested or not: %s', async (_, rules, nearest) => {
  for (const verb of ['start', 'stop'] as const) {
    await using scene = await openScene({ policy: rules });
    scene.world.answers.probe.push({ kind: 'not_found' });
    const reason = rules.rules.some(({ reasonRequired }) => reasonRequired) ? '' : 'wrong list';
    const id = await scene.submit({ verb, reason });
    await scene.untilIdle();
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'refused', because: { kind: 'no_such_workflow', nearest } },
    });
  }
});

describe('the workflow that was probably meant', () => {
  const alias = (name: string, workflowId: string, environment: string | null) => ({
    ...{ name, workflowId, environment, label: null },
  });

  /** What is suggested for a start in prod. Only these environments have a workflow of the probed ID. */
  async function suggested(
    order: { workflowId: string; alias?: string },
    aliases: readonly ReturnType<typeof alias>[],
    existsIn: readonly string[] = ['prod', 'stage'],
  ) {
    await using scene = await openScene({ policy });
    const { campaign, vocabulary } = scene.ports;
    return await nearestWorkflow(requestAfter({ verb: 'start', ...order }), {
      ...scene.ports,
      vocabulary: () => ({ ...vocabulary(), aliases }),
      campaign(organization) {
        const isThere = existsIn.includes(organization === 'acme' ? 'prod' : 'stage');
        const found = campaign(organization);
        return found && { ...found, probe: async () => ({ kind: isThere ? 'not_shown' : 'not_found' }) };
      },
    });
  }

  it('in the other environment has the alias of this workflow there, and no other', async () => {
    const other = alias('other', 'WKF300', 'stage');
    const inStage = { workflowId: 'WKF110', environment: 'stage' };
    for (const [named, name] of [
      [alias('nightly-load', 'WKF110', 'stage'), 'nightly-load'],
      [alias('nightly-load', 'WKF110', null), 'nightly-load'],
      [alias('nightly-load', 'WKF110', 'prod'), null],
      [alias('nightly-load', 'WKF111', 'stage'), null],
    ] as const)
      expect(await suggested({ workflowId: 'WKF110' }, [other, named], ['stage'])).toEqual({ ...inStage, alias: name });
  });

  it.each<[string, { workflowId: string; alias?: string }, string | null]>([
    ['a similar ID', { workflowId: 'WKF1101' }, 'nightly-load'],
    ['a similar alias', { workflowId: 'nightly-laod' }, 'nightly-load'],
    ['a similar alias that had another meaning', { workflowId: 'WKF7', alias: 'nightly-lood' }, 'nightly-load'],
    ['the workflow itself', { workflowId: 'WKF110' }, null],
    ['an ID that only looks like one', { workflowId: 'WKF300' }, null],
  ])('has an alias, for %s: %j', async (_what, order, name) => {
    const found = name && { workflowId: 'WKF110', alias: name, environment: 'prod' };
    expect(await suggested(order, [alias('nightly-load', 'WKF110', null)], ['prod'])).toEqual(found);
  });

  it('is not suggested where Campaign does not have it either', async () => {
    expect(await suggested({ workflowId: 'WKF1101' }, [alias('nightly-load', 'WKF110', 'prod')], [])).toBeNull();
  });
});
