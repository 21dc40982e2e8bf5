import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Readiness, readiness } from './readiness.ts';

/** What the process says of itself. */
export type Health = Readiness & { metrics(): Promise<{ contentType: string; body: string }> };

export const healthPaths = ['/healthz', '/readyz', '/metrics'] as const;
export type HealthPath = (typeof healthPaths)[number];

type Page = { readonly status: number; readonly type: string; readonly body: string };

const text = 'text/plain; charset=utf-8';

/** What a monitor or a browser asks for, and Slack never does. */
export function isForPages({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers['x-slack-signature'] === undefined;
}

/** @param path null where this server has no such page */
export async function answerPage(response: ServerResponse, path: HealthPath | null, health: Health): Promise<void> {
  const { status, type, body } = await pageAt(path, health);
  response.writeHead(status, { 'content-type': type }).end(body);
}

async function pageAt(path: HealthPath | null, health: Health): Promise<Page> {
  switch (path) {
    case '/healthz':
      return { status: 200, type: text, body: 'ok\n' };
    case '/readyz':
      return { type: 'application/json', ...(await readiness(health)) };
    case '/metrics': {
      const { contentType, body } = await health.metrics();
      return { status: 200, type: contentType, body };
    }
    case null:
      return { status: 404, type: text, body: 'not found\n' };
    default:
      return path satisfies never;
  }
}
