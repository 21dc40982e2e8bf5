import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { code, link } from '../locales/phrase.ts';
import type { Ledger } from '../requests/ledger/ledger.ts';
import type { Request } from '../requests/request.ts';
import type { MessageContext } from './messages/message-context.ts';

const mostTries = 5;
const betweenTriesMs = 100;

type Announced = Pick<Request, 'id' | 'channel' | 'announcement'>;

/** Looks requests up so that messages can link to their announcements; what has no link is named by its id. */
export function createReferences(client: webApi.WebClient, ledger: Pick<Ledger, 'load'>) {
  return async (ids: readonly string[]): Promise<MessageContext['refer']> => {
    const requests = await Promise.all(ids.map((id) => announced(ledger, id)));
    return referTo(
      client,
      requests.filter((request) => request !== null),
    );
  };
}

/** A request that is being posted at this moment has its link in the next. */
async function announced(ledger: Pick<Ledger, 'load'>, id: string): Promise<Request | null> {
  for (let tries = 1; ; tries++) {
    const request = await ledger.load(id);
    if (!request?.announcement.inDoubt || tries === mostTries) return request;
    await wait(betweenTriesMs);
  }
}

/** The same for requests that are at hand. */
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

/** A link is a convenience: without it the id will do. */
async function permalink(client: webApi.WebClient, { channel, announcement }: Announced): Promise<string | null> {
  if (announcement.ts === null) return null;
  try {
    const { permalink } = await client.chat.getPermalink({ channel, message_ts: announcement.ts });
    return permalink ?? null;
  } catch {
    return null;
  }
}
