import type { RecordedEvent } from '../../src/requests/events.ts';
import type { Evidence, Loss, WatchAlert, Watched, WatchOnRecord } from './evidence.ts';

type Watches = Pick<Evidence, 'requests' | 'watched' | 'watches' | 'alerts'>;

/** Each change of a watched workflow is told once, and what nobody watches is not told. */
export function judgeWatches(evidence: Watches): readonly Loss[] {
  const { watched, watches, alerts } = evidence;
  const isKnown = (workflowId: string) => watched.some((one) => one.workflowId === workflowId);
  const strays = [...watches, ...alerts].map(({ workflowId }) => workflowId).filter((one) => !isKnown(one));
  return [
    ...watched.flatMap((one) => judgeWatched(one, evidence).map((what) => ({ request: one.workflowId, what }))),
    ...[...new Set(strays)].map((request) => ({ request, what: 'watched, and nobody wants that' })),
  ];
}

function judgeWatched(watched: Watched, { requests, watches, alerts }: Watches): readonly string[] {
  const { workflowId, channel } = watched;
  const rows = watches.filter((row) => row.workflowId === workflowId && row.channel === channel);
  const [row] = rows;
  const mine = alerts.filter((alert) => alert.workflowId === workflowId);
  const doubled = [...Map.groupBy(mine, nameOf)].flatMap(([name, all]) =>
    all.length > 1 ? [`${name} is there ${all.length} times`] : [],
  );
  const isWanted = !watched.isTyped || lastOrder(workflowId, requests) === 'watch';
  return [
    ...doubled,
    ...(isWanted && row === undefined ? ['its watch is not on record'] : []),
    ...(isWanted || row === undefined ? [] : ['watched, and nobody wants that']),
    ...mine.filter((alert) => !mayBe(alert, watched)).map((alert) => `${nameOf(alert)} tells what did not happen`),
    ...(isWanted && row !== undefined ? judgeTelling(watched, row, mine) : []),
  ];
}

/** The last accepted command about its watch. */
function lastOrder(workflowId: string, requests: Watches['requests']): string | null {
  const orders = requests.flatMap(({ events }) => {
    const [requested] = events as readonly RecordedEvent[];
    const ended = events.find(({ type }) => type === 'ended');
    if (requested?.type !== 'requested' || ended?.type !== 'ended' || ended.data.outcome !== 'accepted') return [];
    const { verb, workflowId: of } = requested.data.order;
    return of === workflowId && (verb === 'watch' || verb === 'unwatch') ? [{ verb, at: ended.at }] : [];
  });
  return orders.toSorted((a, b) => b.at - a.at)[0]?.verb ?? null;
}

function mayBe({ alert, reply }: WatchAlert, { failures, isWell }: Watched): boolean {
  return alert >= 1 && alert <= failures && (reply === 0 || (reply === 1 && (alert < failures || isWell)));
}

/** A typed watch whose first look was lost with its bot looks again only after five minutes. */
function judgeTelling(
  { failures, isWell, isTyped }: Watched,
  { isSeen, isOverdue, isWaiting }: WatchOnRecord,
  alerts: readonly WatchAlert[],
): readonly string[] {
  if (isOverdue) return ['nobody looks at it'];
  if (isTyped && !isSeen) return [];
  const missing = Array.from({ length: failures }, (_, index) => index + 1).flatMap((alert) => [
    { alert, reply: 0 },
    ...(alert < failures || isWell ? [{ alert, reply: 1 }] : []),
  ]);
  const has = ({ alert, reply }: Pick<WatchAlert, 'alert' | 'reply'>) =>
    alerts.some((one) => one.alert === alert && one.reply === reply);
  const newest = alerts.find(({ alert, reply }) => alert === failures && reply === 0);
  return [
    ...missing.filter((one) => !has(one)).map((one) => `${nameOf(one)} is missing`),
    ...(newest !== undefined && newest.shows !== (isWell ? 'normal' : 'erroneous')
      ? [`its alert shows ${newest.shows}`]
      : []),
    ...(isWaiting ? ['what was seen of it was not posted'] : []),
  ];
}

function nameOf({ alert, reply }: Pick<WatchAlert, 'alert' | 'reply'>): string {
  return reply === 0 ? `alert ${alert}` : `reply ${reply} to alert ${alert}`;
}
