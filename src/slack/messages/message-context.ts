import { allWorkflows } from '../../access/patterns.ts';
import { type AlertAnswer, isAlertAnswer } from '../../access/policy.ts';
import type { ApprovalChoice, CommandWord } from '../../commands/command.ts';
import { commandName } from '../../commands/vocabulary/command-names.ts';
import { channel, code, foreign, group, type Phrase, type Piece, time, user } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import type { Order } from '../../requests/events.ts';
import type { Checkpoint } from '../../requests/ledger/log/checkpoints.ts';
import type { RecordedPeople } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { shortCheckpoint } from '../../transparency-log/checkpoint.ts';
import { slashCommand } from '../names.ts';
import { cut, type Message } from '../render.ts';

/** The language in which a message is written, and how it refers to other requests. */
export type MessageContext = {
  readonly translator: Translator;
  readonly botName: string;
  /** The channel's translator, in whose language the buttons are labelled; absent where it is the same. */
  readonly channelTranslator?: Translator;
  /** The channel that the message is about; absent where the message is read there. */
  readonly aboutChannel?: string;
  /** What the configuration calls a workflow, for people; null if it says nothing. Absent where it is not known. */
  readonly labelOf?: (order: Pick<Order, 'alias' | 'workflowId' | 'environment'>) => string | null;
  /** The items of the batch that the message is about, in the order of the command. */
  readonly items?: readonly Request[];
  /** The newest checkpoint of the log, which vouches for everything that was recorded before. */
  checkpoint(): Checkpoint;
  /** Refers to another request: a link to its announcement if it has one, otherwise its ID. */
  refer(request: string): Phrase;
};

/** A checkpoint in a text: the size of the log, and the first 16 digits of its root. */
export function shortRecord({ checkpoint }: Pick<MessageContext, 'checkpoint'>): string {
  return shortCheckpoint(checkpoint());
}

/** Whom a sentence is about: its reader, or somebody else. */
export type Subject = { readonly person: 'self' | 'other'; readonly somebody: Phrase };

export const self: Subject = { person: 'self', somebody: [] };

export function other(id: string): Subject {
  return { person: 'other', somebody: [user(id)] };
}

/** What can be typed after the slash command. */
export type CommandLine = readonly [CommandWord, ...parts: readonly string[]];

/** A command as it can be typed, in the reader's language. */
export function typed([command, ...parts]: CommandLine, { translator }: Pick<MessageContext, 'translator'>): Piece {
  return code([slashCommand, commandName(command, translator.locale), ...parts].join(' '));
}

/** The name of a command, in the reader's language. */
export function commandWord(command: CommandWord, { translator }: Pick<MessageContext, 'translator'>): Piece {
  return code(commandName(command, translator.locale));
}

/** How the bot gets into the channel that the message is about. */
export function invitation({ botName, aboutChannel }: MessageContext) {
  const where = aboutChannel === undefined ? 'here' : 'there';
  const there = aboutChannel === undefined ? [] : [channel(aboutChannel)];
  return { invite: code(`/invite @${botName}`), where, channel: there };
}

/** "@a, @b or @crm-leads": mentions, which notify these people. */
export function mention(people: RecordedPeople, { translator }: MessageContext): Phrase {
  return translator.either(piecesOf(people));
}

export function piecesOf({ users, groups }: RecordedPeople): readonly Piece[] {
  return [...users.map(user), ...groups.map(group)];
}

/** The longest list that is shown in full. */
const longestList = 8;

/** The first pieces of a list, and how many more there are. */
export function firstOf(pieces: readonly Piece[], { translator }: MessageContext): readonly Piece[] {
  if (pieces.length <= longestList) return pieces;
  const more = translator.translate('list.more', { count: pieces.length - longestList });
  return [...pieces.slice(0, longestList), { kind: 'text', text: plain(more) }];
}

export function isNobody({ users, groups }: RecordedPeople): boolean {
  return users.length === 0 && groups.length === 0;
}

/** The workflow's name: its alias with the ID, or the ID alone. */
export function workflowName(
  { alias, workflowId, workflows }: Pick<Order, 'alias' | 'workflowId' | 'workflows'>,
  { translator }: MessageContext,
): Phrase {
  if (workflows !== undefined) return translator.translate('announce.workflows', { count: workflows.length });
  if (workflowId === allWorkflows) return translator.translate('announce.all_workflows');
  if (alias === null) return [foreign(workflowId)];
  return translator.translate('announce.alias', { alias, workflow: [foreign(workflowId)] });
}

/** The same in a sentence about any of several: "WKF110 or WKF111". */
export function anyWorkflow(order: Pick<Order, 'alias' | 'workflowId' | 'workflows'>, context: MessageContext): Phrase {
  const { workflows } = order;
  if (workflows === undefined) return workflowName(order, context);
  const names = workflows.map(({ alias, workflowId }) => foreign(alias ?? workflowId));
  return context.translator.either(firstOf(names, context));
}

/** What is ordered, and where: "Stop Nightly profile load (WKF110, prod)". Production has a mark of its own. */
export function describeOrder(order: Order, context: MessageContext, workflow = placedWorkflow(order, context)) {
  const { translator } = context;
  const mark = order.production === true ? translator.translate('announce.production') : null;
  return dotted(mark, describeTitle(order, context, workflow));
}

/** The same for a notification, without marks: "Stop Nightly profile load (prod)". */
export function describeBriefly(order: Order, context: MessageContext): Phrase {
  return describeTitle(order, context, spokenWorkflows(order, context));
}

/**
 * A workflow as people call it, with its ID and where it is: "Nightly profile load (WKF110, prod)", or "WKF110 (prod)".
 *
 * @param more what else tells it from others, such as the organization
 */
export function placedWorkflow(order: Order, context: MessageContext, more: readonly string[] = []): Phrase {
  const name = ownName(order, context);
  const id = name === null || order.workflows !== undefined ? [] : [order.workflowId];
  return nameWith(name ?? plain(workflowName(order, context)), [...id, order.environment, ...more]);
}

/** "Nightly profile load (WKF110)", in a list of workflows of one environment. */
export function listedWorkflow(order: Order, context: MessageContext): Phrase {
  const name = ownName(order, context);
  if (name === null) return nameWith(order.workflowId, []);
  return nameWith(cut(name, longestListed), [order.workflowId]);
}

/** In characters: a list of 20 workflows has to fit into a message. */
const longestListed = 40;

/**
 * "Nightly profile load (prod)", or "WKF110, WKF111 and nightly-load (prod)".
 *
 * @param more what else tells several from others, such as the organization
 */
export function spokenWorkflows(order: Order, context: MessageContext, more: readonly string[] = []): Phrase {
  const { workflows, environment } = order;
  if (workflows === undefined) return briefWorkflow(order, context);
  const names = workflows.map((one) => foreign(one.alias ?? one.workflowId));
  return nameWith(plain(context.translator.all(firstOf(names, context))), [environment, ...more]);
}

/** "Nightly profile load (prod)" */
export function briefWorkflow(order: Order, context: MessageContext): Phrase {
  return nameWith(ownName(order, context) ?? plain(workflowName(order, context)), [order.environment]);
}

/** Without an environment, the order is what somebody typed whom no rule names: it gets no name of the configuration. */
function ownName(order: Order, context: MessageContext): string | null {
  const { labelOf } = context;
  if (order.workflows !== undefined) return plain(workflowName(order, context));
  if (order.workflowId === allWorkflows || order.environment === '') return order.alias;
  return labelOf?.(order) ?? order.alias;
}

function nameWith(name: string, details: readonly string[]): Phrase {
  const known = details.filter((detail) => detail !== '');
  const named = foreign(name, ['bold']);
  if (known.length === 0) return [named];
  return [named, { kind: 'text', text: ' (' }, foreign(known.join(', ')), { kind: 'text', text: ')' }];
}

function describeTitle(order: Order, context: MessageContext, workflow: Phrase): Phrase {
  const { verb, environment, until } = order;
  const { translator } = context;
  if (environment === '' && !isAlertAnswer(verb)) return [typedOrder({ ...order, verb }, context)];
  if (verb === 'freeze') return translator.translate('announce.title_freeze', { environment, until: time(until ?? 0) });
  if (verb === 'unfreeze') return translator.translate('announce.title_unfreeze', { environment });
  return translator.translate('announce.title', { verb, workflow });
}

/** The order without what the configuration adds to the typed text. For people whom no rule names. */
export function withoutConfiguration({ workflows, ...order }: Order): Order {
  const { verb, environment } = order;
  // A freeze names its environment.
  const isTyped = verb === 'freeze' || verb === 'unfreeze';
  // Whether a further word names a workflow depends on the aliases.
  const [{ alias, workflowId: id } = order] = workflows ?? [];
  // Whoever presses a button of an alert has typed no alias.
  const workflowId = isAlertAnswer(verb) ? id : (alias ?? id);
  return { ...order, workflowId, alias: null, environment: isTyped ? environment : '', production: false };
}

/** An order as its command and workflow alone, for people whom no rule names. */
function typedOrder(
  { verb, workflowId }: Pick<Order, 'workflowId'> & { verb: Exclude<Order['verb'], AlertAnswer> },
  context: Pick<MessageContext, 'translator'>,
): Piece {
  return verb === 'form' ? foreign(workflowId) : typed([verb, workflowId], context);
}

/** The label of a button, as a text refers to it. */
export function buttonName(choice: ApprovalChoice, { verb }: Pick<Order, 'verb'>, context: MessageContext): Phrase {
  const { channelTranslator: translator = context.translator } = context;
  return [foreign(plain(translator.translate(`button.${choice}`, { verb })), ['bold'])];
}

/** What a screen reader reads of a button, without the message: "Stop workflow: Nightly profile load (prod)". */
export function spokenLabel(label: string, about: Phrase, { translator }: Pick<MessageContext, 'translator'>): string {
  return plain(translator.translate('button.spoken', { button: [foreign(label)], about }));
}

/** What a line is about, at a glance. ✅ is only for what was seen, and is as it was asked for. */
export const marks = {
  asAsked: [{ kind: 'text', text: '✅' }],
  problem: [{ kind: 'text', text: '⚠️' }],
  rejected: [{ kind: 'text', text: '❌' }],
  refused: [{ kind: 'text', text: '⛔' }],
  emergency: [{ kind: 'text', text: '🚨' }],
} as const satisfies Record<string, Phrase>;

/** What somebody wrote, or that it was erased. */
export function writtenText(text: string | null, { translator }: Pick<MessageContext, 'translator'>): string {
  return text ?? plain(translator.translate('text.erased'));
}

/** Joins phrases with spaces. Null phrases are left out. */
export function joined(...phrases: readonly (Phrase | null)[]): Phrase {
  return joinedBy(' ', phrases);
}

/** The same with dots: "a · b". */
export function dotted(...phrases: readonly (Phrase | null)[]): Phrase {
  return joinedBy(' · ', phrases);
}

function joinedBy(text: string, phrases: readonly (Phrase | null)[]): Phrase {
  const present = phrases.filter((phrase) => phrase !== null);
  return present.flatMap((phrase, index) => (index === 0 ? phrase : [{ kind: 'text', text } as const, ...phrase]));
}

/** A message that can be rendered in any language. */
export type LocalizedMessage = (context: MessageContext) => Message;
