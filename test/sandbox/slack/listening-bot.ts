import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

export type ReceivedRequest = { headers: IncomingHttpHeaders; body: string };

type BotAnswer = { status?: number; type?: string; body?: string };

export type ListeningBot = {
  url: string;
  received: ReceivedRequest[];
  /** The fields of the newest request. */
  lastForm: () => URLSearchParams;
  answers: (answer: BotAnswer) => void;
  close: () => Promise<void>;
};

/** A bot that records requests and responds with the configured answer. */
export async function startListeningBot(): Promise<ListeningBot> {
  const received: ReceivedRequest[] = [];
  let answer: BotAnswer = {};
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(answer.status ?? 200, answer.type === undefined ? {} : { 'content-type': answer.type });
    response.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The bot has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/slack/events`,
    received,
    lastForm: () => new URLSearchParams(received.at(-1)?.body),
    answers: (next) => {
      answer = next;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
