import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ListenerPorts } from '../../../src/slack/listeners/answering.ts';
import { createInFlight } from '../../../src/slack/listeners/in-flight.ts';
import { registerListeners } from '../../../src/slack/listeners/register.ts';
import { voice } from '../voices.ts';

type Listener = (args: unknown) => Promise<void>;

const listeners = new Map<string, Listener>();
const told: string[] = [];
const acknowledged: unknown[] = [];

/** As Bolt takes listeners, by what each is for. */
const app = {
  command: (_name: string, listener: Listener) => listeners.set('command', listener),
  action: (name: string | RegExp, listener: Listener) => listeners.set(String(name), listener),
  shortcut: (_constraints: object, listener: Listener) => listeners.set('shortcut', listener),
  options: (_name: string, listener: Listener) => listeners.set('options', listener),
  view: (_constraints: object, listener: Listener) => listeners.set('view', listener),
};

const ports = {
  inFlight: createInFlight(),
  count: { arrived: () => {}, fault: () => {} },
  log: { info: () => {}, warn: () => {}, error: () => {} },
  replies: { remember: () => {} },
  faultId: () => 'f00dbabe',
  languages: { language: () => 'en', languageOf: async () => 'en' },
  speech: () => ({ plainVoice: voice, voice: async () => voice }),
  async answer({ person }: { person: string }, { text }: { text: string }) {
    told.push(`${person}: ${text}`);
    return { kind: 'posted', ts: '1.1' };
  },
};

async function deliver(name: string, body: object): Promise<void> {
  const ack = async (answer?: unknown) => void acknowledged.push(answer);
  await listeners.get(name)?.({ body, shortcut: body, ack });
}

beforeEach(() => {
  told.length = 0;
  acknowledged.length = 0;
  registerListeners(app as never, ports as unknown as ListenerPorts);
});

const fault = expect.stringMatching(/^U0ALICE: Something in campaign-wf itself went wrong with this.*f00dbabe/);

describe('what Slack delivers in a shape that nobody planned for', () => {
  it.each(['new_request', 'shortcut'])('is acknowledged, and its person told: %s', async (name) => {
    await deliver(name, { user: { id: 'U0ALICE' }, trigger_id: '1.2' });
    expect(acknowledged).toHaveLength(1);
    expect(told).toEqual([fault]);
  });

  it.each([
    { value: 'WKF' },
    { value: 'WKF', user: { id: 'U0ALICE' }, view: { private_metadata: 'none of ours' } },
    { value: 5, user: { id: 'U0ALICE' }, view: { private_metadata: '{"channel":"C0OPS","interaction":"1.2"}' } },
  ])('offers nothing to choose from: %j', async (body) => {
    await deliver('options', body);
    expect(acknowledged).toEqual([{ options: [] }]);
  });
});
