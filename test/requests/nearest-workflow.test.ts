import { expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import { noon } from './events.fixture.ts';
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
