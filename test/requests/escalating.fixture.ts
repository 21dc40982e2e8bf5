import type { Approval, Policy } from '../../src/access/policy.ts';
import type { Scene } from './scene/scene.fixture.ts';
import { lists, minutes, policyOf } from './scene/scene.fixture.ts';
import { newWorld, type World } from './scene/world.fixture.ts';

const nobody: readonly string[] = [];
const people = (users: readonly string[], groups: readonly string[] = []) => ({
  users: new Set(users),
  groups: new Set(groups),
});

/** Leads are asked, reminded after three minutes, and after five the group on duty; after eight Gus, and Hal or Ida, who is on call. */
export const escalating = {
  remindAfterMs: [3 * minutes],
  escalation: [
    { afterMs: 5 * minutes, to: people(nobody, ['S0DUTY']), onCall: null },
    {
      afterMs: 8 * minutes,
      to: people(['U0GUS']),
      onCall: { users: ['U0HAL', 'U0IDA'], rotation: 'daily', from: '2026-01-01T00:00', timezone: 'UTC' },
    },
  ],
  withinMs: 13 * minutes,
} as const satisfies Partial<Approval>;

/** The usual people, with this change of the confirmation that a stop needs. */
export function policyWith(change: Partial<Approval> = escalating): Policy {
  const policy = policyOf(lists);
  const changed = (approval: Approval | null): Approval | null => approval && { ...approval, ...change };
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, approval: changed(rule.approval) })) };
}

/** Dan and Fay are on duty, and the leads are there as usual. */
export function worldOnDuty(): World {
  const world = newWorld();
  const member = (...groups: string[]) => ({ membership: 'member' as const, groups: new Set(groups) });
  for (const id of ['U0DAN', 'U0FAY']) world.people.set(id, member('S0DUTY'));
  for (const id of ['U0GUS', 'U0HAL', 'U0IDA']) world.people.set(id, member());
  return world;
}

/** What was said in the thread, and who got a direct message, in this order. */
export function told({ world }: Pick<Scene, 'world'>, id: string) {
  return {
    thread: world.messages
      .filter(({ kind, request }) => kind === 'call' && request.startsWith(id))
      .map(({ request }) => request.slice(id.length + 1)),
    direct: world.privateMessages.flatMap((message) =>
      message.how === 'page' && message.request === id ? [message.to] : [],
    ),
  };
}
