import { createHmac } from 'node:crypto';
import { Agent, type RequestOptions, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { credentials, type Services } from './services.ts';
import { people, type Subject } from './subject.ts';

/** Slack's side of slash commands. */
export type Commands = {
  /** Sends one, as Slack does. Resolves with the time until it was acknowledged, in milliseconds. */
  acknowledge(): Promise<number>;
  /** Sends one. Resolves with the time until its outcome was posted. */
  outcome(): Promise<number>;
  close(): void;
};

let serial = 0;

export function createCommands({ url }: Subject, services: Services): Commands {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const workflowOf = new Map<string, string>();
  const waiting = new Map<string, () => void>();
  // An announcement names its workflow; the outcome is the first reply in its thread.
  services.onPost(({ ts, threadTs, body }) => {
    if (threadTs === null) {
      const workflow = /WKF\d+/.exec(body)?.[0] ?? '';
      if (waiting.has(workflow)) workflowOf.set(ts, workflow);
      return;
    }
    const workflow = workflowOf.get(threadTs);
    if (workflow === undefined) return;
    workflowOf.delete(threadTs);
    waiting.get(workflow)?.();
    waiting.delete(workflow);
  });

  async function send(workflow: string): Promise<number> {
    const begun = performance.now();
    await deliver(url, agent, workflow);
    return performance.now() - begun;
  }

  return {
    acknowledge: () => send(nextWorkflow()),
    async outcome() {
      const workflow = nextWorkflow();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(workflow, resolve);
      const begun = performance.now();
      await send(workflow);
      await promise;
      return performance.now() - begun;
    },
    close: () => agent.destroy(),
  };
}

function nextWorkflow(): string {
  serial += 1;
  return `WKF${100_000 + serial}`;
}

function deliver(url: string, agent: Agent, workflow: string): Promise<void> {
  const body = new URLSearchParams({
    command: '/campaign-wf',
    text: `pause ${workflow} bench`,
    user_id: people[serial % people.length] ?? '',
    user_name: 'bench',
    channel_id: 'C0OPS',
    channel_name: 'ops',
    team_id: 'T0ACME',
    team_domain: 'acme',
    api_app_id: 'A0BENCH',
    trigger_id: `${Date.now()}.${serial}.bench`,
    response_url: 'http://127.0.0.1:9/commands/none',
    is_enterprise_install: 'false',
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', credentials.SLACK_SIGNING_SECRET)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
    'content-length': Buffer.byteLength(body),
  };
  return post(url, { method: 'POST', agent, headers }, body);
}

function post(url: string, options: RequestOptions, body: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sent = request(url, options, (response) => {
    response.resume();
    response.on('end', () => {
      if (response.statusCode === 200) resolve();
      else reject(new Error(`the acknowledgement has status ${response.statusCode}`));
    });
  });
  sent.on('error', (error) => {
    // The server has closed an idle connection just before the request (Node.js documentation, request.reusedSocket).
    if (sent.reusedSocket) post(url, options, body).then(resolve, reject);
    else reject(error);
  });
  sent.end(body);
  return promise;
}

/** Calls `work` `count` times, `width` of them at once. Resolves with the results. */
export async function atOnce<T>(width: number, count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  let left = count;
  const worker = async () => {
    while (left-- > 0) results.push(await work());
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** Calls `work` every `intervalMs`. Resolves with the results. */
export async function everyMs<T>(intervalMs: number, count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const results: Promise<T>[] = [];
  for (let index = 0; index < count; index++) {
    results.push(work());
    await wait(intervalMs);
  }
  return Promise.all(results);
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
