import { allWorkflows, covers, isIn } from '../../access/patterns.ts';
import { type Action, actions, isEnvironmentWide, isReadAction, isVerb, type Rule } from '../../access/policy.ts';
import { parseCommand } from '../../commands/grammar/parse-command.ts';
import { aliasOf, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { type Phrase, time } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { recordedRefusal } from '../../requests/rules/authorization.ts';
import { commandChoices } from '../form/workflow-options.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { type CommandLine, type MessageContext, typed, writtenText } from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { actionIds } from '../names.ts';
import { type Button, linesThatFit, type Message, renderMessage } from '../render.ts';
import { type Invocation, type Rights, rightsOf } from './invocation.ts';

/** What this person can type here now, each with an example that would be permitted, and a button that opens the form. */
export async function helpMessage(invocation: Invocation, sources: AnswerPorts): Promise<Message> {
  const context = sources.plainContext;
  const rights = await rightsOf(invocation, sources);
  const { translator } = context;
  const { here } = rights;
  const lines = here.kind === 'none' ? [] : examples(here, rights, sources, context);
  const nothing = here.kind === 'none' ? [describeNothing(here, context)] : [];
  return renderMessage(
    [
      translator.translate('help.title'),
      ...nothing,
      ...lines,
      translator.translate('help.command', {
        example: typed(['access'], context),
        does: translator.translate('help.access'),
      }),
      ...describeFreezes(rights, context),
    ],
    { buttons: canAsk(rights) ? [newRequest(context)] : [] },
  );
}

/** Why the person can run nothing here. */
export function describeNothing({ refusal }: Rights['here'] & { kind: 'none' }, context: MessageContext): Phrase {
  return context.translator.translate('help.nothing', {
    why: describeRefusal(recordedRefusal(refusal), null, context),
  });
}

function examples(
  { asks, confirms }: Rights['here'] & { kind: 'some' },
  { may, declared }: Rights,
  { vocabulary }: AnswerPorts,
  context: MessageContext,
): readonly Phrase[] {
  const { translator } = context;
  const reason = plain(translator.translate('help.example_reason'));
  const id = plain(translator.translate('help.request_id'));
  const line = (example: CommandLine, key: HelpKey): Phrase =>
    translator.translate('help.command', { example: typed(example, context), does: translator.translate(key) });
  const ofRules = actions.flatMap((action) => {
    const example = exampleOf(action, { asks, may, declared }, vocabulary(), reason);
    if (example === null) return [];
    return action === 'access' ? [line(['access', '@bob'], 'help.access_of')] : [line(example, `help.${action}`)];
  });
  return [
    ...ofRules,
    ...(decides(asks, confirms) ? [line(['approve', id], 'help.approve'), line(['cancel', id], 'help.cancel')] : []),
  ];
}

type HelpKey =
  `help.${'start' | 'pause' | 'resume' | 'stop' | 'freeze' | 'unfreeze' | 'status' | 'history' | 'access_of' | 'approve' | 'cancel'}`;

/** Whether this person may decide on some request. */
function decides(asks: readonly Rule[], confirms: readonly Rule[]): boolean {
  return confirms.length > 0 || asks.some(({ approval, actions }) => approval !== null || actions.has('stop'));
}

/** Whether the form would offer any command. */
export function canAsk({ here }: Rights): boolean {
  return here.kind === 'some' && commandChoices(here.asks).length > 0;
}

function newRequest({ translator }: MessageContext): Button {
  return { actionId: actionIds.newRequest, value: 'form', label: plain(translator.translate('button.new_request')) };
}

/** The most characters that freezes may take of a message. */
const maxFreezesLength = 1_500;

/** Which environments that this person's rules name are frozen now, until when, and why. */
export function describeFreezes({ here, frozen }: Rights, context: MessageContext): readonly Phrase[] {
  const { translator } = context;
  const rules = here.kind === 'none' ? [] : [...here.asks, ...here.confirms];
  const own = [...frozen].filter(([name]) => rules.some(({ environments }) => environments.has(name)));
  const descriptions = own.map(([environment, { until, because }]) =>
    translator.translate('access.frozen', { environment, until: time(until), because: writtenText(because, context) }),
  );
  const shown = linesThatFit(descriptions, maxFreezesLength);
  const more = descriptions.length - shown.length;
  return more === 0 ? shown : [...shown, translator.translate('access.more_frozen', { count: more })];
}

/** The limit on candidates: with many rules, all of them frozen, help would take too long. */
const mostCandidates = 1_000;

/** A command line that would be permitted if it were typed now; null if no line with this action would be. */
export function exampleOf(
  action: Action,
  { asks, may, declared }: Pick<Rights, 'may' | 'declared'> & { readonly asks: readonly Rule[] },
  vocabulary: Vocabulary,
  reason: string,
): CommandLine | null {
  for (const { environment, workflowId } of candidates(action, asks, vocabulary).take(mostCandidates)) {
    if (action === 'unfreeze' && !declared.has(environment)) continue;
    const hasReason =
      action === 'freeze' ||
      action === 'stop' ||
      may({ action, environment, workflowId, hasReason: false }).permitted === false;
    const decision = may({ action, environment, workflowId, hasReason });
    if (!decision.permitted) continue;
    const format = asks.find(({ name }) => name === decision.rule)?.reasonFormat;
    const because = hasReason && !isReadAction(action) ? [format === undefined ? reason : `[${format.hint}]`] : [];
    const line: CommandLine = [action, ...named(action, { environment, workflowId }, vocabulary), ...because];
    // The parser treats an ID that resembles an alias as a typing error.
    if (parseCommand(line.join(' '), vocabulary).ok) return line;
  }
  return null;
}

type Candidate = { readonly environment: string; readonly workflowId: string };

/** Replacements for `*`: several, because a workflow with one of them may be protected. */
const numbers = ['10', '27', '43', '68', '81'];

/** The workflows and environments that the rules name, the default environment first. A `*` is replaced by a number. */
function* candidates(
  action: Action,
  rules: readonly Rule[],
  { defaultEnvironment }: Vocabulary,
): Generator<Candidate, void, undefined> {
  const able = rules.filter(({ actions }) => actions.has(action));
  for (const number of numbers)
    for (const { environments, workflows } of able)
      for (const environment of defaultFirst(environments, defaultEnvironment))
        for (const { id } of workflows.filter((pattern) => isIn(pattern, environment)))
          yield { environment, workflowId: isEnvironmentWide(action) ? allWorkflows : concrete(id, number) };
}

function defaultFirst(environments: ReadonlySet<string>, first: string | null): readonly string[] {
  return [...environments].sort((a, b) => Number(b === first) - Number(a === first));
}

/** An ID as Campaign assigns them if the pattern covers one; otherwise the pattern with the number in place of `*`. */
function concrete(pattern: string, number: string): string {
  const usual = `WKF1${number}`;
  return covers(pattern, usual) ? usual : pattern.replaceAll('*', number).slice(0, 64);
}

/** The alias if there is one, and the environment if it is not the default. */
function named(action: Action, { environment, workflowId }: Candidate, vocabulary: Vocabulary): readonly string[] {
  if (action === 'freeze') return [environment, '2h'];
  if (action === 'unfreeze') return [environment];
  if (!isVerb(action) && action !== 'status') return [];
  const alias = aliasOf({ workflowId, environment }, vocabulary);
  if (alias?.environment != null) return [alias.name];
  const option = environment === vocabulary.defaultEnvironment ? [] : ['--env', environment];
  return [alias?.name ?? workflowId, ...option];
}
