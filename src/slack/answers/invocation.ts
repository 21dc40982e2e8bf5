import { decide, freezeOf, type Question } from '../../access/decide.ts';
import type { Decision } from '../../access/decision.ts';
import type { ActiveFreeze } from '../../access/freeze-windows.ts';
import type { Policy } from '../../access/policy.ts';
import { type RightsHere, rightsHere } from '../../access/rights-here.ts';
import { declaredFreeze } from '../../requests/ledger/ledger.ts';
import { type Actor, gatherCaller } from '../../requests/rules/authorization.ts';
import type { ListenerPorts, NamedEnvironment } from '../listener-ports.ts';

/** Who asks, from which workspace, and where; `interaction` is Slack's name for that they did. */
export type Invocation = Actor & { readonly interaction: string };

export type RightsQuery = Pick<Question, 'action' | 'environment' | 'workflowId' | 'hasReason' | 'reason'>;

/** What somebody may do in a channel, by one look at who, where and what is frozen. */
export type Rights = {
  readonly here: RightsHere;
  /** The freezes in force for a start, by the name of their environment. */
  readonly frozen: Freezes;
  /** The freezes that people have put on an environment, by its name. */
  readonly declared: Freezes;
  may(what: RightsQuery): Decision;
};

export async function rightsOf(
  actor: Actor,
  sources: Pick<ListenerPorts, 'directory' | 'policy' | 'environments' | 'ledger' | 'team' | 'now'>,
): Promise<Rights> {
  const rules = sources.policy();
  const [caller, declared] = await Promise.all([
    gatherCaller(actor, { ...sources, policy: () => rules }),
    declaredFreezes(sources),
  ]);
  const at = sources.now();
  return {
    here: rightsHere(rules, caller),
    frozen: inForce(rules, declared, sources.environments(), at),
    declared,
    may: (what) => decide(rules, { ...what, ...caller, at, declared: declared.get(what.environment ?? '') ?? null }),
  };
}

type Freezes = ReadonlyMap<string, ActiveFreeze>;

async function declaredFreezes(sources: Pick<ListenerPorts, 'environments' | 'ledger' | 'now'>): Promise<Freezes> {
  const looked = sources
    .environments()
    .map(async ({ name, organization }) => [name, await declaredFreeze(organization, sources)] as const);
  return withoutNull(await Promise.all(looked));
}

function inForce(policy: Policy, declared: Freezes, environments: readonly NamedEnvironment[], at: number): Freezes {
  return withoutNull(
    environments.map(({ name }) => {
      const question = { action: 'start', environment: name, at, declared: declared.get(name) ?? null } as const;
      return [name, freezeOf(policy, question)] as const;
    }),
  );
}

function withoutNull(entries: readonly (readonly [string, ActiveFreeze | null])[]): Freezes {
  return new Map(entries.flatMap(([name, frozen]) => (frozen === null ? [] : [[name, frozen] as const])));
}
