import type { Action, Rule } from '../../access/policy.ts';
import { verbs } from '../../commands/command.ts';
import { commandName, type Language } from '../../commands/vocabulary/command-names.ts';
import { timeIn } from '../../commands/vocabulary/usual-times.ts';
import { code, type Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { recordedRefusal } from '../../requests/rules/authorization.ts';
import { settledWithin } from '../../requests/settled-within.ts';
import { commandChoices } from '../form/workflow-options.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { type CommandLine, type MessageContext, typed } from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { actionIds } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { exampleOf } from './command-example.ts';
import { type Invocation, type Rights, rightsOf } from './invocation.ts';
import { describeFrozen } from './own-freezes.ts';
import { waitingFor } from './waiting.ts';

/** What this person can do here now: at most 12 lines of a phone, and two buttons. */
export async function helpMessage(invocation: Invocation, sources: AnswerPorts): Promise<Message> {
  const [rights, waiting] = await Promise.all([rightsOf(invocation, sources), countWaiting(invocation, sources)]);
  const context = sources.plainContext;
  const { here } = rights;
  if (here.kind === 'none') return renderMessage([describeNothing(here, context)]);
  const { translator } = context;
  return renderMessage(
    [
      translator.translate('help.title'),
      ...describeCommands(here, rights, sources, context),
      ...describeFrozen(rights, context),
      ...(waiting > 0 ? [translator.translate('help.waits', { count: waiting })] : []),
    ],
    {
      buttons: [...(canAsk(rights) ? [newRequest(context)] : []), showWaiting(context)],
      small: translator.translate('help.best_effort'),
    },
  );
}

/** Help is not delayed, and not refused, because something else is not known. */
const countWithinMs = 2_000;

/** How many questions wait for this person, where that is known in time. */
async function countWaiting(invocation: Invocation, sources: AnswerPorts): Promise<number> {
  const counts: number[] = [];
  const count = async () => {
    const waiting = await waitingFor(invocation, sources);
    if (waiting.kind === 'known') counts.push(waiting.decisions.length + waiting.reviews.length);
  };
  await settledWithin(
    countWithinMs,
    count().catch(() => {}),
  );
  return counts[0] ?? 0;
}

/** Why the person can run nothing here. */
export function describeNothing({ refusal }: Rights['here'] & { kind: 'none' }, context: MessageContext): Phrase {
  return context.translator.translate('help.nothing', {
    why: describeRefusal(recordedRefusal(refusal), null, context),
  });
}

/** One command in full, the others that take a workflow by their names, and the rest with what they take. */
function describeCommands(
  { asks, confirms, confirmsLater, declares, reviews }: Rights['here'] & { kind: 'some' },
  rights: Rights,
  { vocabulary }: AnswerPorts,
  context: MessageContext,
): readonly Phrase[] {
  const { may, declared } = rights;
  const { translator } = context;
  const reason = plain(translator.translate('help.example_reason'));
  const example = (action: Action) => exampleOf(action, { asks, may, declared }, vocabulary(), reason);
  const [first, ...others] = [...verbs, 'status' as const].flatMap((action) => linesOf(example(action)));
  const freezes = (['freeze', 'unfreeze'] as const).flatMap((action) => linesOf(example(action)));
  const id = plain(translator.translate('help.request_id'));
  // A freeze leaves no room for everything.
  const isFrozen = describeFrozen(rights, context).length > 0;
  const more: readonly CommandLine[] = [
    ...(isFrozen ? [] : laterExample(first, translator.locale)),
    ['list'],
    ['waiting'],
    ...(isFrozen ? [] : linesOf(example('watch')).map(([command]): CommandLine => [command])),
    ...linesOf(example('history')),
    example('access') === null ? ['access'] : ['access', '@bob'],
    ...freezes.map(withoutReason),
    ...(decides(asks, [...confirms, ...confirmsLater])
      ? ([
          ['approve', id],
          ['cancel', id],
        ] as const)
      : []),
    ...(declares.length > 0 ? ([['emergency', id, '…']] as const) : []),
    ...(reviews.length > 0 ? ([['review', id, '…']] as const) : []),
  ];
  const names = others.map(([command]): CommandLine => [command]);
  return [
    ...(first === undefined ? [] : [[typed(first, context)]]),
    ...(others.length === 0 ? [] : [translator.translate('help.likewise', { commands: listed(names, context) })]),
    translator.translate('help.also', { commands: listed(more, context) }),
  ];
}

function laterExample(first: CommandLine | undefined, language: Language): readonly CommandLine[] {
  const isChange = verbs.some((verb) => verb === first?.[0]);
  return first === undefined || !isChange ? [] : [[first[0], '…', timeIn(language, 'at 02:00')]];
}

function linesOf(line: CommandLine | null): readonly CommandLine[] {
  return line === null ? [] : [line];
}

/** "freeze prod 2h …": the reason would take a line of its own. */
function withoutReason([command, environment = '', until]: CommandLine): CommandLine {
  return until === undefined ? [command, environment] : [command, environment, until, '…'];
}

/** "pause, resume, access @bob", each as it is typed after the slash command. */
function listed(lines: readonly CommandLine[], { translator }: MessageContext): Phrase {
  return lines.flatMap(([command, ...parts], index) => [
    ...(index === 0 ? [] : [{ kind: 'text', text: ', ' } as const]),
    code([commandName(command, translator.locale), ...parts].join(' ')),
  ]);
}

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

function showWaiting({ translator }: MessageContext): Button {
  return { actionId: actionIds.showWaiting, value: 'waiting', label: plain(translator.translate('button.waiting')) };
}
