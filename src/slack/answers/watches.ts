import { isOfWatch } from '../../access/policy.ts';
import { clock, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { Request } from '../../requests/request.ts';
import type { ChannelWatch } from '../../requests/watches/watch-store.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { type CommandLine, dotted, type MessageContext, placedWorkflow, typed } from '../messages/message-context.ts';
import { describeReading } from '../messages/outcome-text.ts';
import { watchedOrder } from '../messages/watch-buttons.ts';
import { linesThatFit, type Message, renderMessage } from '../render.ts';
import { exampleOf } from './command-example.ts';
import { describeNothing } from './help.ts';
import { type Invocation, type Rights, rightsOf } from './invocation.ts';

/** The most characters that the list may take of a message. */
const maxListLength = 8_000;

/** What this channel is told of: by whom, what was seen last, and how to change it. */
export async function watchesMessage(
  environment: string | null,
  invocation: Invocation,
  sources: AnswerPorts,
): Promise<Message> {
  const rights = await rightsOf(invocation, sources);
  if (rights.here.kind === 'none') return renderMessage([describeNothing(rights.here, sources.plainContext)]);
  const all = await sources.ledger.watches.inChannel(invocation.channel);
  const watches = all.filter(({ terms }) => environment === null || terms.environment === environment);
  const { lines, context } = await describeAll(watches, rights, sources);
  const shown = linesThatFit(lines, maxListLength);
  const { translator } = context;
  const more = lines.length - shown.length;
  return renderMessage([
    translator.translate(watches.length === 0 ? 'watches.none' : 'watches.title'),
    ...shown,
    ...(more > 0 ? [translator.translate('watches.more', { count: more })] : []),
    ...describeCommands(watches, rights, sources, context),
  ]);
}

/** The watches of a channel that show a problem come first. */
const problems: ReadonlySet<ChannelWatch['seen']['reading']> = new Set(['erroneous', 'warning']);

/** What a channel is told of, in at most so many lines; none where it is told of nothing. */
export async function watchLines(
  channel: string,
  rights: Rights,
  sources: AnswerPorts,
  most: number,
): Promise<readonly Phrase[]> {
  const all = await sources.ledger.watches.inChannel(channel);
  const isWrong = (watch: ChannelWatch) => maySeeState(watch, rights) && problems.has(watch.seen.reading);
  const first = [...all.filter(isWrong), ...all.filter((watch) => !isWrong(watch))].slice(0, most);
  const { lines, context } = await describeAll(first, rights, sources);
  const more = all.length - first.length;
  return [...lines, ...(more > 0 ? [context.translator.translate('watches.more', { count: more })] : [])];
}

async function describeAll(watches: readonly ChannelWatch[], rights: Rights, sources: AnswerPorts) {
  const asked = await Promise.all(watches.map((watch) => requestOf(watch, sources)));
  const context = sources.contextFor(asked.filter((request) => request !== null));
  const lines = watches.map((watch, index) => describeWatch(watch, asked[index] ?? null, { rights, sources, context }));
  return { lines, context };
}

async function requestOf({ asked }: ChannelWatch, { ledger }: Pick<AnswerPorts, 'ledger'>): Promise<Request | null> {
  return asked === null ? null : ledger.load(asked);
}

type Known = {
  readonly rights: Rights;
  readonly sources: Pick<AnswerPorts, 'now'>;
  readonly context: MessageContext;
};

/** "nightly-load (WKF110, prod) · running · seen at 14:02 · every 5 minutes · since 7K3M9QPA by @bob" */
function describeWatch(watch: ChannelWatch, asked: Request | null, { rights, sources, context }: Known): Phrase {
  const { terms, muted } = watch;
  const { translator } = context;
  const now = sources.now();
  return dotted(
    placedWorkflow(watchedOrder(terms), context),
    maySeeState(watch, rights) ? describeSeen(watch, now, context) : null,
    translator.translate('watches.every', { every: translator.lasting(terms.everyMs) }),
    asked === null
      ? translator.translate('watches.of_file')
      : translator.translate('watches.asked', { request: context.refer(asked.id), person: [user(asked.requester)] }),
    muted !== null && muted.until > now
      ? translator.translate('watches.muted', { until: time(muted.until), by: [user(muted.by)] })
      : null,
  );
}

/** Otherwise the list would tell what `status` refuses. */
function maySeeState({ terms, isResting }: ChannelWatch, { may }: Rights): boolean {
  const { environment, workflowId } = terms;
  const actions = ['status', 'watch', 'unwatch'] as const;
  return (
    isResting ||
    actions.some((action) => may({ action, environment, workflowId, hasReason: isOfWatch(action) }).permitted)
  );
}

function describeSeen({ isResting, seen }: ChannelWatch, now: number, context: MessageContext): Phrase {
  const { translator } = context;
  const { reading, answeredAt, isFailing } = seen;
  if (isResting) return translator.translate('watches.resting');
  if (answeredAt === null) return translator.translate(isFailing ? 'watches.unread' : 'watches.not_seen');
  const last = translator.translate('watches.seen', {
    reading: describeReading(reading, context),
    at: clock(answeredAt, now),
  });
  return isFailing ? dotted(last, translator.translate('watches.unread')) : last;
}

/** What this person can type, with a name that fits. */
function describeCommands(
  watches: readonly ChannelWatch[],
  { here, may, declared }: Rights,
  { vocabulary }: AnswerPorts,
  context: MessageContext,
): readonly Phrase[] {
  if (here.kind === 'none') return [];
  const { translator } = context;
  const reason = plain(translator.translate('help.example_reason'));
  const watch = exampleOf('watch', { asks: here.asks, may, declared }, vocabulary(), reason);
  const last = watches.findLast(({ asked, isResting, terms: { environment, workflowId } }) => {
    if (asked === null || isResting) return false;
    return may({ action: 'unwatch', environment, workflowId, hasReason: true }).permitted;
  });
  return [
    ...(watch === null ? [] : [translator.translate('watches.to_watch', { command: [typed(watch, context)] })]),
    ...(last === undefined
      ? []
      : [translator.translate('watches.to_unwatch', { command: [typed(unwatching(last), context)] })]),
  ];
}

function unwatching({ terms: { alias, workflowId, environment } }: ChannelWatch): CommandLine {
  return ['unwatch', alias ?? workflowId, '--env', environment];
}
