import { decide } from '../../src/access/decide.ts';
import type { Membership } from '../../src/access/decision.ts';
import type { Caller } from '../../src/access/membership.ts';
import { type Action, actions, isEnvironmentWide, type Policy } from '../../src/access/policy.ts';
import { type RightsHere, rightsHere } from '../../src/access/rights-here.ts';
import { type CommandWord, commandWords } from '../../src/commands/command.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { readFile } from '../../src/settings/file/read-file.ts';
import { policyOf, vocabularyOf } from '../../src/settings/file/to-policy.ts';
import type { PretendCampaign } from '../campaign/pretend-campaign.ts';
import { findChannel, findUser, hasBot, type User, type Workspace } from '../slack/workspace.ts';
import type { Offers, Place } from './snapshot.ts';

type Sources = {
  /** The bot's `campaign-wf.yml`. */
  readonly rules: string;
  readonly workspace: Workspace;
  readonly campaign: Pick<PretendCampaign, 'workflows'>;
  readonly now: number;
};

/** What the page suggests to this person in these channels. */
export function offersFor(
  { rules, workspace, campaign, now }: Sources,
  me: string,
  places: readonly Place[],
): Readonly<Record<string, Offers>> {
  const read = readRules(rules);
  const user = findUser(workspace, me);
  if (read === null || user === undefined) return {};
  const known = namesIn(read, campaign);
  const offers = places.map(({ id }) => [id, offersIn(read, callerOf(workspace, user, id), known, now)] as const);
  return Object.fromEntries(offers);
}

type Rules = {
  readonly policy: Policy;
  readonly vocabulary: ReturnType<typeof vocabularyOf>;
  /** The names of the environments, by organization. */
  readonly environments: ReadonlyMap<string, string>;
};

let lastRead: { readonly text: string; readonly rules: Rules | null } | null = null;

/** Null: the bot has them from elsewhere, or they have mistakes. */
function readRules(text: string): Rules | null {
  if (lastRead?.text !== text) lastRead = { text, rules: parsed(text) };
  return lastRead.rules;
}

function parsed(text: string): Rules | null {
  const file = { path: 'campaign-wf.yml', text };
  const { content } = readFile(file, { organization: null, locale: null }, translatorFor('en'));
  if (content === null) return null;
  const named = Object.entries(content.environments ?? {});
  const vocabulary = vocabularyOf(
    content,
    named.map(([name]) => name),
  );
  const environments = new Map(named.map(([name, { organization }]) => [organization, name]));
  return { policy: policyOf(content, vocabulary), vocabulary, environments };
}

/** A workflow as people type it. */
type KnownWorkflow = { readonly name: string; readonly workflowId: string; readonly environment: string | null };

function namesIn({ vocabulary, environments }: Rules, campaign: Sources['campaign']): readonly KnownWorkflow[] {
  const ids = campaign
    .workflows()
    .map(({ id, organization }) => ({ name: id, workflowId: id, environment: environments.get(organization) ?? null }));
  return [...vocabulary.aliases, ...ids];
}

function callerOf(workspace: Workspace, user: User, channelId: string): Caller {
  const channel = findChannel(workspace, channelId);
  const groups = new Set(workspace.groups.filter(({ users }) => users.includes(user.id)).map(({ id }) => id));
  const person = { id: user.id, membership: membershipOf(user), groups, unknownGroups: new Map() };
  const place = {
    shared: channel?.isExtShared ?? false,
    archived: channel?.isArchived ?? false,
    botIsMember: channel === undefined || hasBot(workspace, channel),
  };
  return { channel: channelId, person: { ok: true, value: person }, place: { ok: true, value: place } };
}

function membershipOf({ deleted, isBot, isStranger, isRestricted, isUltraRestricted }: User): Membership {
  if (deleted) return 'deactivated';
  if (isBot) return 'bot';
  if (isStranger) return 'stranger';
  return isRestricted || isUltraRestricted ? 'guest' : 'member';
}

function offersIn(rules: Rules, caller: Caller, known: readonly KnownWorkflow[], at: number): Offers {
  const here = rightsHere(rules.policy, caller);
  const may = (action: Action, environment: string | null, workflowId: string) =>
    decide(rules.policy, { ...caller, action, environment, workflowId, hasReason: true, at, declared: null }).permitted;
  const onWorkflows = actions
    .filter((action) => !isEnvironmentWide(action))
    .map((action) => {
      const able = known.filter(({ environment, workflowId }) => may(action, environment, workflowId));
      return [action, able.map(({ name }) => name)] as const;
    });
  const workflows = Object.fromEntries(onWorkflows);
  const isOffered = (word: CommandWord) => {
    if (word === 'help' || word === 'access') return true;
    if (here.kind === 'none') return false;
    if (word === 'approve' || word === 'cancel') return decides(here);
    return isRuled(word) ? here.asks.some(({ actions: permitted }) => permitted.has(word)) : true;
  };
  return { commands: commandWords.filter(isOffered), workflows };
}

function isRuled(word: CommandWord): word is Action {
  return (actions as readonly CommandWord[]).includes(word);
}

/** Whether this person may decide on some request. */
function decides({ asks, confirms }: RightsHere & { kind: 'some' }): boolean {
  return (
    confirms.length > 0 || asks.some(({ approval, actions: permitted }) => approval !== null || permitted.has('stop'))
  );
}
