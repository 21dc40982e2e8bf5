import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { code, link } from '../locales/phrase.ts';
import type { Ledger } from '../requests/ledger/ledger.ts';
import type { Request } from '../requests/request.ts';
import type { MessageContext } from './messages/message-context.ts';

const mostAttempts = 5;
const betweenAttemptsMs = 100;

type Announced = Pick<Request, 'id' | 'channel' | 'announcement'>;

/** Loads requests so that messages can link to their announcements. A request without a link is named by its ID. */
export function createReferences(client: webApi.WebClient, ledger: Pick<Ledger, 'load'>) {
  return async (ids: readonly string[]): Promise<MessageContext['refer']> => {
    const requests = await Promise.all(ids.map((id) => loadAnnounced(ledger, id)));
    return referTo(
      client,
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

/** The same for requests that are already loaded. */
export async function referTo(
  client: webApi.WebClient,
  requests: readonly Announced[],
): Promise<MessageContext['refer']> {
  const links = new Map(
    await Promise.all(requests.map(async (one) => [one.id, await permalink(client, one)] as const)),
  );
  return (id) => {
    const url = links.get(id);
    return [url == null ? code(id) : link(url, id)];
  };
}

/** Null if Slack does not return a link: the ID is sufficient then. */
async function permalink(client: webApi.WebClient, { channel, announcement }: Announced): Promise<string | null> {
  if (announcement.ts === null) return null;
  try {
    const { permalink } = await client.chat.getPermalink({ channel, message_ts: announcement.ts });
    return permalink ?? null;
  } catch {
    return null;
  }
}
