import { foreign, type Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { EndReason, RecordedRefusal } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { linesThatFit } from '../render.ts';
import { dotted, joined, listedWorkflow, type MessageContext, marks, self } from './message-context.ts';
import { describeReason, type Ended, hasEnded } from './outcome-text.ts';

/** What the channel reads of a workflow that is not asked about. */
type Why =
  | 'not_permitted'
  | 'protected'
  | 'frozen'
  | 'no_such_workflow'
  | 'busy'
  | 'stopped_lately'
  | 'reason'
  | 'mismatch'
  | 'approval'
  | 'unread'
  | 'too_few'
  | 'too_late'
  | 'one_at_a_time'
  | 'other';

/** Why a workflow is not asked about, in a few words: without people, channels and rules, which are for its requester alone. */
export function describeRefused({ end: { because } }: Ended, { translator }: MessageContext): Phrase {
  return joined(marks.refused, translator.translate('batch.refused', { why: whyOf(because) }));
}

function whyOf(because: EndReason): Why {
  switch (because.kind) {
    case 'access':
      return ofRefusal[because.refusal.reason] ?? 'not_permitted';
    case 'no_such_workflow':
    case 'busy':
    case 'stopped_lately':
    case 'too_late':
      return because.kind;
    case 'other_approval':
      return 'approval';
    default:
      return 'other';
  }
}

const ofRefusal: Partial<Record<RecordedRefusal['reason'], Why>> = {
  protected_workflow: 'protected',
  frozen: 'frozen',
  reason_required: 'reason',
  reason_mismatch: 'mismatch',
  one_at_a_time: 'one_at_a_time',
  too_few_approvers: 'too_few',
  too_few_can_approve: 'too_few',
  lookup_failed: 'unread',
  environment_gone: 'other',
};

/** In characters, of the 10,000 that a message has room for. */
const maxRefusalsLength = 6_000;

/** Why workflows are not asked about, in full, for the requester alone: each reason once, with its workflows. */
export function itemRefusals({ items = [], ...context }: MessageContext): readonly Phrase[] {
  const refused = items.filter(hasEnded).filter(({ grant }) => grant === null);
  const byReason = Map.groupBy(refused, ({ end }) => reasonAbout(refused[0], end, context));
  const lines = [...byReason.values()].flatMap((alike) => describeAlike(alike, context));
  return linesThatFit(lines, maxRefusalsLength);
}

/** The reason as it reads about one of them: what differs only in what is not shown is the same. */
function reasonAbout(about: Ended | undefined, { because }: Ended['end'], context: MessageContext): string {
  const toTheMinute = 'until' in because ? { ...because, until: because.until - (because.until % 60_000) } : because;
  return about === undefined ? '' : plain(describeReason(toTheMinute, about, context, self));
}

function describeAlike(alike: readonly Ended[], context: MessageContext): readonly Phrase[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { because } = first.end;
  const why = joined(marks.refused, describeReason(because, { order: orderOf(first, alike) }, context, self));
  if (because.kind === 'no_such_workflow') return [why];
  const names = alike.map(({ order }) => foreign(plain(listedWorkflow(order, context))));
  return [dotted(context.translator.all(names), why)];
}

function orderOf({ order }: Request, alike: readonly Request[]): Request['order'] {
  const [first, ...others] = alike.map(({ id, order: { workflowId, alias } }) => ({ request: id, workflowId, alias }));
  return first === undefined || others.length === 0 ? order : { ...order, workflows: [first, ...others] };
}
