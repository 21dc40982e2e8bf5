import { isReadAction, type ReasonFormat, type Rule } from '../../access/policy.ts';
import type { Vocabulary } from '../../commands/vocabulary.ts';
import { foreign, type Phrase } from '../../locales/phrase.ts';
import { type ApproverLookUp, lookUpApprovers } from '../../requests/steps/look-up-approvers.ts';
import { recordedRefusal } from '../../requests/steps/rights.ts';
import { sayRefusal, sayUnknownGroups } from '../messages/refusal.ts';
import { commandWord, firstOf, other, piecesOf, type Subject, self, type MessageContext } from '../messages/voice.ts';
import { fitting, type Message, renderMessage } from '../render.ts';
import { type Invocation, type Rights, rightsOf, type Sources } from './asking.ts';
import { sayFreezes } from './freezes.ts';

/** What a person may do in the channel where it is asked, under which rules. @param person null: whoever asks */
export async function accessMessage(person: string | null, asking: Invocation, sources: Sources): Promise<Message> {
  const about = { person: person ?? asking.person, team: person === null ? asking.team : sources.team };
  const [voice, rights] = await Promise.all([
    sources.contextFor([]),
    rightsOf({ ...about, channel: asking.channel }, sources),
  ]);
  const subject = person === null ? self : other(person);
  const approvable = await approvableUnder(rights, about.person, sources);
  return renderMessage([
    ...sayRights(rights, subject, approvable, sources.vocabulary(), voice),
    ...sayFreezes(rights, voice),
  ]);
}

type ApprovableUnder = ReadonlyMap<Rule, ApproverLookUp | null>;

/** By who is in the groups, which was just looked up; how each account stands is not asked for many rules at once. */
async function approvableUnder({ here }: Rights, requester: string, sources: Sources): Promise<ApprovableUnder> {
  const { policy, directory } = sources;
  const known = { policy, directory: { members: directory.members, membership: async () => 'unknown' as const } };
  const rules = here.kind === 'some' ? here.asks : [];
  const looked = rules.map(async (rule) => {
    const { name, approval } = rule;
    return [rule, await lookUpApprovers({ requester }, { rule: name, approval }, known)] as const;
  });
  return new Map(await Promise.all(looked));
}

function sayRights(
  { here }: Rights,
  subject: Subject,
  approvable: ApprovableUnder,
  vocabulary: Vocabulary,
  voice: MessageContext,
): readonly Phrase[] {
  const { translator: words } = voice;
  if (here.kind === 'none') {
    const why = sayRefusal(recordedRefusal(here.refusal), null, voice, subject);
    return [words.translate('access.may_not', { ...subject, why })];
  }
  const { asks, confirms, unknownGroups } = here;
  const rules = words.all(
    firstOf(
      confirms.map(({ name }) => foreign(name, ['bold'])),
      voice,
    ),
  );
  const told = asks.map((rule) => sayRule(rule, approvable.get(rule) ?? null, vocabulary, voice));
  const shown = fitting(told, roomForRules);
  const more = told.length - shown.length;
  return [
    ...(asks.length > 0 ? [words.translate('access.title', subject)] : []),
    ...shown,
    ...(more > 0 ? [words.translate('access.more_rules', { count: more })] : []),
    ...(confirms.length > 0 ? [words.translate('access.may_confirm', { ...subject, rules })] : []),
    ...(unknownGroups.size > 0 ? [sayUnknownGroups([...unknownGroups], voice)] : []),
  ];
}

/** Slack takes about 10,000 characters in all blocks of a message; what follows needs some of them, too. */
const roomForRules = 6_000;

/** "“Operators”: start and pause · nightly-load and WKF2* · prod · a reason is needed" */
function sayRule(rule: Rule, approvable: ApproverLookUp | null, vocabulary: Vocabulary, voice: MessageContext): Phrase {
  const { translator: words } = voice;
  const { name, actions, environments } = rule;
  const said = words.translate('access.rule', {
    rule: name,
    actions: words.all([...actions].map((action) => commandWord(action, voice))),
    workflows: sayWorkflows(rule, vocabulary, voice),
    environments: words.all(
      firstOf(
        [...environments].map((environment) => foreign(environment)),
        voice,
      ),
    ),
  });
  const told = conditions(rule, approvable, voice);
  return [...said, ...told.flatMap((condition): Phrase => [{ kind: 'text', text: ' · ' }, ...condition])];
}

function sayWorkflows({ workflows }: Rule, { aliases }: Vocabulary, voice: MessageContext): Phrase {
  const { translator: words } = voice;
  if (workflows.some(({ id }) => id === '*')) return words.translate('announce.all_workflows');
  const names = workflows.map(({ id, environment }) => {
    const alias = aliases.find((one) => one.workflowId === id && one.environment === environment);
    return foreign(alias?.name ?? id);
  });
  return words.all(firstOf(names, voice));
}

function conditions(
  { actions, reasonRequired, reasonFormat, approval }: Rule,
  approvable: ApproverLookUp | null,
  voice: MessageContext,
): readonly Phrase[] {
  const { translator: words } = voice;
  if ([...actions].every(isReadAction)) return [];
  const reason = sayReason(reasonRequired, reasonFormat, voice);
  if (approval === null || approvable === null)
    return [...reason, ...(actions.has('stop') ? [words.translate('access.stop_own')] : [])];
  if (approvable.refusal !== null) return [...reason, words.translate('access.never_approved')];
  const people = words.either(firstOf(piecesOf(approvable.asked), voice));
  const within = words.lasting(approval.withinMs);
  return [...reason, words.translate('access.approval', { needed: approval.count, people, within })];
}

function sayReason(required: boolean, format: ReasonFormat | undefined, { translator: words }: MessageContext): readonly Phrase[] {
  if (format !== undefined) return [words.translate(required ? 'access.reason_as' : 'access.any_reason_as', format)];
  return required ? [words.translate('access.reason')] : [];
}
