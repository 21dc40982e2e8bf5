import type { ListenerPorts } from '../../../src/slack/listener-ports.ts';
import { createInFlight, type InFlight } from '../../../src/slack/listeners/in-flight.ts';
import { registerListeners } from '../../../src/slack/listeners/register.ts';
import type { MessageContext } from '../../../src/slack/messages/message-context.ts';
import type { Message } from '../../../src/slack/render.ts';

type Listener = (args: unknown) => Promise<void>;

/** Calls the listeners by name, as Bolt does, and records acknowledgements and answers. */
export type Bolt = {
  deliver(name: string, body: object): Promise<void>;
  readonly acknowledged: readonly unknown[];
  readonly answers: readonly { readonly person: string; readonly message: Message }[];
  readonly inFlight: InFlight;
  /** The names of the listeners. */
  readonly names: readonly string[];
};

/** Listeners whose ports can only answer, unless others are given: any other call is a fault. */
export function openBolt(context: MessageContext, given: Partial<ListenerPorts> = {}): Bolt {
  const listeners = new Map<string, Listener>();
  const acknowledged: unknown[] = [];
  const answers: { person: string; message: Message }[] = [];
  const inFlight = createInFlight();
  const app = {
    command: (_name: string, listener: Listener) => listeners.set('command', listener),
    // The slash command, and a field of the form.
    action: (name: string | RegExp, listener: Listener) =>
      listeners.set(name === 'command' ? 'field command' : String(name), listener),
    shortcut: (_constraints: object, listener: Listener) => listeners.set('shortcut', listener),
    options: (_name: string, listener: Listener) => listeners.set('options', listener),
    event: (name: string, listener: Listener) => listeners.set(`event ${name}`, listener),
    view: ({ callback_id: name }: { callback_id: string }, listener: Listener) => listeners.set(name, listener),
  };
  const ports = {
    inFlight,
    count: { arrived: () => {}, fault: () => {} },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    replies: { remember: () => {} },
    rates: async () => null,
    faultId: () => 'f00dbabe',
    languages: { language: () => null, languageOf: async () => 'en' },
    localize: () => ({ plainContext: context, contextFor: async () => context }),
    async answer({ person }: { person: string }, message: Message) {
      answers.push({ person, message });
      return { kind: 'posted', ts: '1.1' };
    },
    ...given,
  };
  registerListeners(app as never, ports as unknown as ListenerPorts);
  return {
    async deliver(name, body) {
      const ack = async (answer?: unknown) => void acknowledged.push(answer);
      await listeners.get(name)?.({ body, shortcut: body, command: body, ack });
    },
    ...{ acknowledged, answers, inFlight, names: [...listeners.keys()] },
  };
}
