import { stagesOf } from '../../access/escalation.ts';
import { onCallAt } from '../../access/on-call.ts';
import { isReadAction, type ReasonFormat, type Rule, type Stage } from '../../access/policy.ts';
import { verbs } from '../../commands/command.ts';
import type { Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { foreign, type Phrase, user } from '../../locales/phrase.ts';
import { type ApproverLookUp, askedWithQuestion, lookUpApprovers } from '../../requests/rules/approver-lookup.ts';
import { recordedRefusal } from '../../requests/rules/authorization.ts';
import { recordedPeople } from '../../requests/rules/recorded-people.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import {
  commandWord,
  firstOf,
  joined,
  type MessageContext,
  other,
  piecesOf,
  type Subject,
  self,
} from '../messages/message-context.ts';
import { describeRefusal, describeUnknownGroups } from '../messages/refusal.ts';
import { linesThatFit, type Message, renderMessage } from '../render.ts';
import { type Invocation, type Rights, rightsOf } from './invocation.ts';
import { describeFreezes } from './own-freezes.ts';

/**
 * What a person may do in this channel, and under which rules.
 *
 * @param person null: the person who asks
 */
export async function accessMessage(
  person: string | null,
  invocation: Invocation,
  sources: AnswerPorts,
): Promise<Message> {
  const about = { person: person ?? invocation.person, team: person === null ? invocation.team : sources.team };
  const rights = await rightsOf({ ...about, channel: invocation.channel }, sources);
  const subject = person === null ? self : other(person);
  return rightsMessage({ person: about.person, channel: invocation.channel, subject }, rights, sources);
}

/** The same for rights that were just gathered. */
export async function rightsMessage(
  { person: requester, channel, subject }: Pick<Invocation, 'person' | 'channel'> & { readonly subject: Subject },
  rights: Rights,
  sources: AnswerPorts,
): Promise<Message> {
  const context = sources.plainContext;
  const approvable = await approvableUnder(rights, { requester, channel }, sources);
  return renderMessage([
    ...describeRights(rights, subject, approvable, sources, context),
    ...describeFreezes(rights, context),
  ]);
}

type Who = { readonly requester: string; readonly channel: string };

type ApprovableUnder = ReadonlyMap<Rule, ApproverLookUp | null>;

/** Uses the groups' members, which were just looked up. Memberships are not looked up: many rules would need too many calls. */
async function approvableUnder({ here }: Rights, who: Who, sources: AnswerPorts): Promise<ApprovableUnder> {
  const { policy, directory } = sources;
  const { members, audience } = directory;
  const known = {
    policy,
    now: sources.now,
    directory: { members, audience, membership: async () => 'unknown' as const },
  };
  const rules = here.kind === 'some' ? here.asks : [];
  const lookUps = rules.map(async (rule) => {
    const { name, approval } = rule;
    return [rule, await lookUpApprovers(who, { rule: name, approval }, known)] as const;
  });
  return new Map(await Promise.all(lookUps));
}

function describeRights(
  { here }: Rights,
  subject: Subject,
  approvable: ApprovableUnder,
  { vocabulary, now }: Pick<AnswerPorts, 'vocabulary' | 'now'>,
  context: MessageContext,
): readonly Phrase[] {
  const { translator } = context;
  if (here.kind === 'none') {
    const why = describeRefusal(recordedRefusal(here.refusal), null, context, subject);
    return [translator.translate('access.may_not', { ...subject, why })];
  }
  const { asks, confirms, confirmsLater, declares, reviews, unknownGroups } = here;
  const may = (key: `access.may_${'confirm' | 'confirm_later' | 'declare' | 'review'}`, rules: readonly Rule[]) =>
    rules.length === 0 ? [] : [translator.translate(key, { ...subject, rules: namesOf(rules, context) })];
  const known = { vocabulary: vocabulary(), now: now() };
  const descriptions = asks.map((rule) => describeRule(rule, approvable.get(rule) ?? null, known, context));
  const shown = linesThatFit(descriptions, maxRulesLength);
  const more = descriptions.length - shown.length;
  return [
    ...(asks.length > 0 ? [translator.translate('access.title', subject)] : []),
    ...shown,
    ...(more > 0 ? [translator.translate('access.more_rules', { count: more })] : []),
    ...(asks.some(mayChange) ? [translator.translate('access.later')] : []),
    ...may('access.may_confirm', confirms),
    ...may('access.may_confirm_later', confirmsLater),
    ...may('access.may_declare', declares),
    ...may('access.may_review', reviews),
    ...(unknownGroups.size > 0 ? [describeUnknownGroups([...unknownGroups], context)] : []),
  ];
}

function mayChange({ actions }: Rule): boolean {
  return verbs.some((verb) => actions.has(verb));
}

function namesOf(rules: readonly Rule[], context: MessageContext): Phrase {
  const names = rules.map(({ name }) => foreign(name, ['bold']));
  return context.translator.all(firstOf(names, context));
}

/** Slack accepts about 10,000 characters in all blocks of a message; the lines after the rules need some of them. */
const maxRulesLength = 6_000;

/** "“Operators”: start and pause · nightly-load and WKF2* · prod · a reason is needed" */
function describeRule(
  rule: Rule,
  approvable: ApproverLookUp | null,
  { vocabulary, now }: { readonly vocabulary: Vocabulary; readonly now: number },
  context: MessageContext,
): Phrase {
  const { translator } = context;
  const { name, actions, environments } = rule;
  const summary = translator.translate('access.rule', {
    rule: name,
    actions: translator.all([...actions].map((action) => commandWord(action, context))),
    workflows: describeWorkflows(rule, vocabulary, context),
    environments: translator.all(
      firstOf(
        [...environments].map((environment) => foreign(environment)),
        context,
      ),
    ),
  });
  const extra = conditions(rule, approvable, now, context);
  return [...summary, ...extra.flatMap((condition): Phrase => [{ kind: 'text', text: ' · ' }, ...condition])];
}

function describeWorkflows({ workflows }: Rule, { aliases }: Vocabulary, context: MessageContext): Phrase {
  const { translator } = context;
  if (workflows.some(({ id }) => id === '*')) return translator.translate('announce.all_workflows');
  const names = workflows.map(({ id, environment }) => {
    const alias = aliases.find((one) => one.workflowId === id && one.environment === environment);
    return foreign(alias?.name ?? id);
  });
  return translator.all(firstOf(names, context));
}

function conditions(
  { actions, reasonRequired, reasonFormat, startsSeveral, approval, emergency }: Rule,
  approvable: ApproverLookUp | null,
  now: number,
  context: MessageContext,
): readonly Phrase[] {
  const { translator } = context;
  if ([...actions].every(isReadAction)) return [];
  const reason = [
    ...(startsSeveral ? [translator.translate('access.several')] : []),
    ...describeReason(reasonRequired, reasonFormat, context),
  ];
  if (approval === null || approvable === null)
    return [...reason, ...(actions.has('stop') ? [translator.translate('access.stop_own')] : [])];
  const emergencies = describeEmergency(emergency, context);
  if (approvable.refusal !== null) {
    return [...reason, translator.translate('access.never_approved'), ...emergencies];
  }
  const people = translator.either(firstOf(piecesOf(askedWithQuestion(approvable)), context));
  const within = translator.lasting(approval.withinMs);
  return [
    ...reason,
    translator.translate('access.approval', { needed: approval.count, people, within }),
    ...stagesOf(approval).map((stage) => describeStage(stage, now, context)),
    ...emergencies,
  ];
}

/** "if too few have confirmed after 5 minutes, @duty and @bob may as well (@bob is on call now)" */
function describeStage({ afterMs, to, onCall }: Stage, now: number, context: MessageContext): Phrase {
  const { translator } = context;
  const turn = onCall === null ? [] : [user(onCallAt(onCall, now))];
  const people = translator.all([...firstOf(piecesOf(recordedPeople(to)), context), ...turn]);
  const stage = translator.translate('access.escalates', { after: translator.lasting(afterMs), people });
  return joined(
    stage,
    ...turn.map((person) => inBrackets(translator.translate('access.on_call', { person: [person] }))),
  );
}

function inBrackets(phrase: Phrase): Phrase {
  return [{ kind: 'text', text: '(' }, ...phrase, { kind: 'text', text: ')' }];
}

function describeEmergency(emergency: Rule['emergency'], context: MessageContext): readonly Phrase[] {
  if (emergency === undefined) return [];
  const { people, actions, afterMs, reviewBy } = emergency;
  const { translator } = context;
  return [
    translator.translate('access.emergency', {
      people: translator.either(firstOf(piecesOf(recordedPeople(people)), context)),
      actions: translator.all([...actions].map((action) => commandWord(action, context))),
      after: translator.lasting(afterMs),
      reviewers: translator.either(firstOf(piecesOf(recordedPeople(reviewBy)), context)),
    }),
  ];
}

function describeReason(
  required: boolean,
  format: ReasonFormat | undefined,
  { translator }: MessageContext,
): readonly Phrase[] {
  if (format !== undefined)
    return [translator.translate(required ? 'access.reason_as' : 'access.any_reason_as', format)];
  return required ? [translator.translate('access.reason')] : [];
}
