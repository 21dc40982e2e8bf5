import type { Refusal } from '../../access/decision.ts';
import type { ApprovalChoice, PressChoice } from '../../commands/command.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { isOutcome } from '../../requests/outcome.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { isKnownHere, type Judgement, mayDecide, recordedRefusal } from '../../requests/rules/authorization.ts';
import { isUnsent } from '../../requests/transition.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import type { MessageContext } from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { forRequester } from '../messages/replies.ts';
import { type Decidable, waitingEntry } from '../messages/waiting-entry.ts';
import { type Message, renderSections, type Section } from '../render.ts';
import type { Invocation } from './invocation.ts';

/** How many open requests, and how many open reviews, are read for one answer; and how many of the person's own requests and of the others are judged. */
const mostRead = 300;
const mostJudged = 60;

/** How many entries are shown: on a phone nobody scrolls further, and Slack takes 50 blocks in a message. */
const mostDecisions = 10;
const mostReviews = 4;
const mostOwn = 6;

/** What waits for a person, in all channels of which that person is a member now. */
export type Waiting =
  | {
      readonly kind: 'known';
      /** The questions that this person may decide. The one that ends first is first. */
      readonly decisions: readonly Decidable[];
      /** The emergencies that this person may review, the oldest first. */
      readonly reviews: readonly Decidable[];
      /** The person's other open requests, the newest first. */
      readonly own: readonly Decidable[];
      /** Questions and reviews beyond those that were judged: some may be this person's. */
      readonly unjudged: number;
      /** Why it is not known whether other questions or reviews are this person's; null: it is. */
      readonly doubt: Refusal | null;
    }
  /** Slack did not say of which channels the person is a member. */
  | { readonly kind: 'unknown' };

type WaitingPorts = Pick<ListenerPorts, 'ledger' | 'directory' | 'policy' | 'environmentOf' | 'team' | 'now'>;

/** By the rights of now. Shows nothing of a channel that the person is not in. */
export async function waitingFor(
  { person, team }: Pick<Invocation, 'person' | 'team'>,
  ports: WaitingPorts,
): Promise<Waiting> {
  if (team !== ports.team) return nothing;
  const member = await ports.directory.channelsOf(person);
  if (!member.ok) return { kind: 'unknown' };
  const channels = new Set(member.channels.keys());
  const open = await ports.ledger.waiting(person, channels);
  const requests = await loadOpen(open.slice(0, mostRead), channels, ports);
  const [ownRequests, others] = partitioned(requests, ({ requester }) => requester === person);
  const candidates = [...ownRequests.slice(0, mostJudged), ...others.slice(0, mostJudged)];
  const judged = await Promise.all(candidates.map((request) => judge(request, person, ports)));
  const { reviews, unread, ...ofReviews } = await reviewsOf(person, channels, ports);
  const [decisions, own] = partitioned(
    judged.flatMap(({ shown }) => shown ?? []),
    ({ request, choices }) => request.requester !== person || choices.has('approve') || choices.has('emergency'),
  );
  return {
    kind: 'known',
    decisions: decisions.toSorted((a, b) => endOf(a.request) - endOf(b.request)),
    reviews,
    own: own.toSorted((a, b) => b.request.requestedAt - a.request.requestedAt),
    unjudged: Math.max(0, open.length - mostRead) + requests.length - candidates.length + unread,
    doubt: judged.find(({ doubt }) => doubt !== null)?.doubt ?? ofReviews.doubt,
  };
}

const nothing: Waiting = { kind: 'known', decisions: [], reviews: [], own: [], unjudged: 0, doubt: null };

async function loadOpen(
  open: readonly string[],
  channels: ReadonlySet<string>,
  { ledger, team }: WaitingPorts,
): Promise<readonly Request[]> {
  const loaded = await Promise.all(open.map((id) => ledger.load(id)));
  return loaded
    .filter((request) => request !== null)
    .filter((request) => request.team === team && channels.has(request.channel) && !isOutcome(request.state))
    .toSorted((a, b) => endOf(a) - endOf(b));
}

type Reviews = Pick<Extract<Waiting, { kind: 'known' }>, 'reviews' | 'doubt'> & {
  /** How many were not read. */
  readonly unread: number;
};

/** Reviewers are asked by direct message as well, whether or not they are in a public channel. */
async function reviewsOf(person: string, channels: ReadonlySet<string>, ports: WaitingPorts): Promise<Reviews> {
  const found = await ports.ledger.unreviewed();
  const loaded = await Promise.all(found.slice(0, mostRead).map((id) => ports.ledger.load(id)));
  const open = loaded
    .filter((request) => request !== null)
    .filter(({ emergency, team }) => emergency?.review === null && team === ports.team);
  const judged = await Promise.all(
    open.map(async (request): Promise<Judged> => {
      const { press } = await mayDecide(request, { by: person, choice: 'review' }, ports);
      const { channel } = request;
      const isHere = channels.has(channel);
      if (press.permitted) {
        const isSeen = isHere || (await canSee(channel, person, ports));
        return isSeen ? { shown: reviewable(request, person), doubt: null } : noBusiness;
      }
      return isHere && press.refusal.reason === 'lookup_failed' ? { shown: null, doubt: press.refusal } : noBusiness;
    }),
  );
  const reviews = judged.flatMap(({ shown }) => shown ?? []);
  return {
    reviews: reviews.toSorted((a, b) => (a.request.emergency?.at ?? 0) - (b.request.emergency?.at ?? 0)),
    unread: Math.max(0, found.length - mostRead),
    doubt: judged.find(({ doubt }) => doubt !== null)?.doubt ?? null,
  };
}

/** Whether a channel can be read by somebody who need not be in it. A private one is left to those who are. */
export async function canSee(channel: string, person: string, { directory }: WaitingPorts): Promise<boolean> {
  const audience = await directory.audience(channel);
  return audience === null || audience.has(person);
}

function reviewable(request: Request, person: string): Decidable {
  const isDecided = request.presses.some(({ by, choice }) => by === person && choice === 'review');
  return { request, choices: new Set(['review'] as const), isDecided };
}

function endOf({ grant }: Request): number {
  return grant?.expiresAt ?? Number.MAX_SAFE_INTEGER;
}

/** `shown` is null where the request is not this person's business. */
type Judged = { readonly shown: Decidable | null; readonly doubt: Refusal | null };

const noBusiness: Judged = { shown: null, doubt: null };

async function judge(request: Request, person: string, ports: WaitingPorts): Promise<Judged> {
  const isOwn = request.requester === person;
  const judgements = isAsked(request, person, ports.now()) ? await judgementsOf(request, person, ports) : null;
  const choices = new Set<PressChoice>(judgements === null ? [] : choicesOf(judgements));
  if (await mayDeclare(request, person, ports)) choices.add('emergency');
  if (isOwn && isUnsent(request.state)) choices.add('cancel');
  if (!isOwn && choices.size === 0) return { shown: null, doubt: doubtIn(judgements) };
  const isDecided = request.presses.some(({ by }) => by === person);
  const readable = isOwn ? forRequester(request, (requester) => isKnownHere(requester, ports)) : request;
  return { shown: { request: readable, choices, isDecided }, doubt: null };
}

/** Whether it waits for a decision that this person has not given. */
function isAsked(request: Request, person: string, now: number): boolean {
  const { state, grant } = request;
  const isOver = grant?.expiresAt != null && now >= grant.expiresAt;
  return state === 'awaiting_approval' && !isOver && !confirmers(request).includes(person);
}

/** Whether the announcement offers the emergency, and this person may declare it now. */
async function mayDeclare(request: Request, by: string, ports: WaitingPorts): Promise<boolean> {
  const { state, grant, isEmergencyOffered } = request;
  const isOver = grant?.expiresAt != null && ports.now() >= grant.expiresAt;
  if (state !== 'awaiting_approval' || !isEmergencyOffered || isOver) return false;
  return (await mayDecide(request, { by, choice: 'emergency', at: ports.now() }, ports)).press.permitted;
}

type Judgements = Readonly<Record<ApprovalChoice, Judgement['press']>>;

async function judgementsOf(request: Request, by: string, ports: WaitingPorts): Promise<Judgements> {
  const approve = await mayDecide(request, { by, choice: 'approve' }, ports);
  const cancel = await mayDecide(request, { by, choice: 'cancel' }, ports, approve.asked);
  return { approve: approve.press, cancel: cancel.press };
}

function choicesOf(judgements: Judgements): readonly ApprovalChoice[] {
  return (['approve', 'cancel'] as const).filter((choice) => judgements[choice].permitted);
}

/** Slack did not say what the decision depends on. */
function doubtIn(judgements: Judgements | null): Refusal | null {
  if (judgements === null || judgements.approve.permitted) return null;
  const { refusal } = judgements.approve;
  return refusal.reason === 'lookup_failed' ? refusal : null;
}

function partitioned<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

/** The private answer to `waiting`. */
export async function waitingMessage(
  invocation: Pick<Invocation, 'person' | 'team' | 'channel'>,
  ports: LocalizedPorts,
): Promise<Message> {
  const waiting = await waitingFor(invocation, ports);
  return renderSections(await waitingSections(waiting, invocation.channel, ports));
}

/** What waits, as sections of a message or of the App Home. */
export async function waitingSections(
  waiting: Waiting,
  here: string,
  { contextFor, plainContext }: Pick<LocalizedPorts, 'contextFor' | 'plainContext'>,
): Promise<readonly Section[]> {
  if (waiting.kind === 'unknown') return [{ lines: [plainContext.translator.translate('waiting.channels_unknown')] }];
  const decisions = waiting.decisions.slice(0, mostDecisions);
  const reviews = waiting.reviews.slice(0, mostReviews);
  const own = waiting.own.slice(0, mostOwn);
  const context = contextFor([...decisions, ...reviews, ...own].map(({ request }) => request));
  const hidden = waiting.reviews.length - reviews.length + waiting.decisions.length - decisions.length;
  const more = hidden + waiting.own.length - own.length + waiting.unjudged;
  const last = [...describeMore(more, context), ...describeDoubt(waiting.doubt, context)];
  const { translator } = context;
  const isEmpty = decisions.length + reviews.length + own.length === 0;
  return [
    ...(isEmpty && last.length === 0 ? [{ lines: [translator.translate('waiting.none')] }] : []),
    ...titled(translator.translate('waiting.decisions', { count: waiting.decisions.length }), decisions, here, context),
    ...titled(translator.translate('waiting.reviews', { count: waiting.reviews.length }), reviews, here, context),
    ...titled(translator.translate('waiting.own', { count: waiting.own.length }), own, here, context),
    ...(last.length === 0 ? [] : [{ lines: last }]),
  ];
}

function titled(title: Phrase, shown: readonly Decidable[], here: string, context: MessageContext): readonly Section[] {
  const [first, ...others] = shown.map((one) => waitingEntry(one, here, context));
  return first === undefined ? [] : [{ ...first, lines: [title, ...first.lines] }, ...others];
}

function describeMore(count: number, { translator }: MessageContext): readonly Phrase[] {
  return count === 0 ? [] : [translator.translate('waiting.more', { count })];
}

function describeDoubt(doubt: Refusal | null, context: MessageContext): readonly Phrase[] {
  if (doubt === null) return [];
  const why = describeRefusal(recordedRefusal(doubt), null, context);
  return [context.translator.translate('waiting.doubt', { why })];
}
