import { decideRequest, type RequestQuestion } from '../../access/answer-decision.ts';
import { freezeOf } from '../../access/decide.ts';
import { type Decision, type Refusal, refuse } from '../../access/decision.ts';
import type { ActiveFreeze } from '../../access/freeze-windows.ts';
import { isNamed, type Policy } from '../../access/policy.ts';
import { type RightsHere, rightsHere } from '../../access/rights-here.ts';
import { declaredFreeze } from '../../requests/ledger/ledger.ts';
import type { ChannelStatus } from '../../requests/ports.ts';
import { type Actor, gatherCaller } from '../../requests/rules/authorization.ts';
import type { ListenerPorts, NamedEnvironment } from '../listener-ports.ts';

/**
 * One interaction of somebody with the bot: person, workspace and channel; `interaction` is Slack's ID of it, `name` what
 * Slack called the person in it.
 */
export type Invocation = Actor & { readonly interaction: string; readonly name?: string };

/** `at`: for which moment, in milliseconds since the epoch; absent: now. */
export type RightsQuery = Pick<RequestQuestion, 'action' | 'environment' | 'workflowId' | 'hasReason' | 'reason'> & {
  readonly at?: number | undefined;
};

/** What somebody may do in a channel. The facts about person, channel and freezes are gathered once. */
export type Rights = {
  readonly here: RightsHere;
  /** The freezes that apply to a start, by environment. */
  readonly frozen: Freezes;
  /** The freezes by command, by environment. */
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
  const here = rightsHere(rules, caller);
  const before = here.kind === 'none' ? await formerId(here.refusal, actor.channel, rules, sources) : null;
  const inMoved = (refusal: Refusal): Refusal => (before === null ? refusal : moved(refusal, before, actor.channel));
  return {
    here: here.kind === 'none' ? { ...here, refusal: inMoved(here.refusal) } : here,
    frozen: inForce(rules, declared, sources.environments(), at),
    declared,
    may(what) {
      const question = {
        ...what,
        ...caller,
        at: what.at ?? at,
        declared: declared.get(what.environment ?? '') ?? null,
      };
      const decision = decideRequest(rules, question);
      return decision.permitted ? decision : refuse(inMoved(decision.refusal));
    },
  };
}

/** How many channels of a rule are looked up for a channel that no rule names. */
const mostChannels = 8;

/** The ID by which the rules name this channel, where Slack has given it another one. */
async function formerId(
  refusal: Refusal,
  channel: string,
  rules: Policy,
  { directory }: Pick<ListenerPorts, 'directory'>,
): Promise<string | null> {
  if (!('channels' in refusal) || isNamed(rules, channel)) return null;
  const named = refusal.channels.slice(0, mostChannels);
  const now = await Promise.all(named.map((one) => directory.channelStatus(one)));
  return named.find((_, index) => isMovedTo(now[index], channel)) ?? null;
}

function isMovedTo(status: ChannelStatus | undefined, channel: string): boolean {
  return status?.kind === 'moved' && status.to === channel;
}

/** It does not help to name the channel that this one was. */
function moved(refusal: Refusal, before: string, now: string): Refusal {
  return 'channels' in refusal ? { reason: 'channel_moved', channels: [before, now] } : refusal;
}

type Freezes = ReadonlyMap<string, ActiveFreeze>;

async function declaredFreezes(sources: Pick<ListenerPorts, 'environments' | 'ledger' | 'now'>): Promise<Freezes> {
  const freezes = sources
    .environments()
    .map(async ({ name, organization }) => [name, await declaredFreeze(organization, sources)] as const);
  return withoutNull(await Promise.all(freezes));
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
