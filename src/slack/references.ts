import { setTimeout as wait } from 'node:timers/promises';
import { code, link } from '../locales/phrase.ts';
import type { Ledger } from '../requests/ledger/ledger.ts';
import type { EndReason } from '../requests/outcome.ts';
import type { Request } from '../requests/request.ts';
import type { MessageContext } from './messages/message-context.ts';
import { permalinkTo } from './permalink.ts';

const mostAttempts = 5;
const betweenAttemptsMs = 100;

type Announced = Pick<Request, 'id' | 'batch' | 'channel' | 'announcement'>;

/**
 * Loads requests so that messages can link to their announcements. A request without a link is named by its ID.
 *
 * @param workspace the address of the workspace; null if Slack did not say
 */
export function createReferences(workspace: string | null, ledger: Pick<Ledger, 'load'>) {
  return async (ids: readonly string[]): Promise<MessageContext['refer']> => {
    const requests = await Promise.all(ids.map((id) => loadAnnounced(ledger, id)));
    return referTo(
      workspace,
      requests.filter((request) => request !== null),
    );
  };
}

/** Waits briefly for an announcement that is being posted: it will have a link in a moment. */
async function loadAnnounced(ledger: Pick<Ledger, 'load'>, id: string): Promise<Request | null> {
  for (let attempts = 1; ; attempts++) {
    const request = await ledger.load(id);
    if (!request?.announcement.inDoubt || attempts === mostAttempts) return request;
    await wait(betweenAttemptsMs);
  }
}

/** The same for requests that are already loaded. One of several is named by its batch, on which people decide. */
export function referTo(workspace: string | null, requests: readonly Announced[]): MessageContext['refer'] {
  const names = new Map(requests.map(({ id, batch }) => [id, batch ?? id]));
  // An item that was refused before the announcement does not know it.
  const urls = new Map(requests.flatMap((one) => linksTo(workspace, one)));
  return (id) => {
    const name = names.get(id) ?? id;
    const url = urls.get(name);
    return [url === undefined ? code(name) : link(url, name)];
  };
}

/** The other requests that an end is about. */
export function referencedRequests(because: EndReason): readonly string[] {
  switch (because.kind) {
    case 'busy':
    case 'stopped_lately':
    case 'frozen_longer':
      return [because.request];
    case 'superseded':
      return [because.by];
    case 'access':
      return because.refusal.request == null ? [] : [because.refusal.request];
    default:
      return [];
  }
}

function linksTo(
  workspace: string | null,
  { id, batch, channel, announcement: { ts } }: Announced,
): readonly [string, string][] {
  return workspace === null || ts === null ? [] : [[batch ?? id, permalinkTo(workspace, { channel, ts })]];
}
