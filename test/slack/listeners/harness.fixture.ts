import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import type { Policy } from '../../../src/access/policy.ts';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import type { Ledger } from '../../../src/requests/ledger/ledger.ts';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import type { Invocation } from '../../../src/slack/answers/invocation.ts';
import { createDirectory } from '../../../src/slack/directory.ts';
import type { LocalizedPorts } from '../../../src/slack/listener-ports.ts';
import type { askAgain } from '../../../src/slack/listeners/ask-again.ts';
import { type CommandReply, messageFrom } from '../../../src/slack/listeners/command-reply.ts';
import { createInFlight } from '../../../src/slack/listeners/in-flight.ts';
import { answerCommand } from '../../../src/slack/listeners/typed-command.ts';
import type { MessageContext } from '../../../src/slack/messages/message-context.ts';
import type { Message } from '../../../src/slack/render.ts';
import { ledgerOptions } from '../../requests/ledger/ledger.fixture.ts';
import { clientOf } from '../../sandbox/slack/quiet-client.ts';
import { context } from '../message-contexts.ts';
import { linesOf } from '../shown-text.ts';

/** The listeners over a real ledger and the pretend Slack's people. Requests are recorded, and not processed. */
export type Harness = {
  readonly slack: PretendSlack;
  readonly ledger: Ledger;
  readonly ports: LocalizedPorts;
  /** The number of commands from channels that no rule names. */
  unnamedChannels(): number;
  /** The forms that were opened, and their later versions. */
  readonly forms: unknown[];
  invocation(person: string, channel?: string): Invocation;
  /** The answer, immediate or later. */
  answer(person: string, text: string, channel?: string): Promise<Message>;
  /** The lines of the answer. */
  type(person: string, text: string, channel?: string): Promise<readonly string[]>;
  [Symbol.asyncDispose](): Promise<void>;
};

export const vocabulary: Vocabulary = { environments: ['prod', 'stage'], defaultEnvironment: 'prod', aliases: [] };

let interactions = 0;

export async function openHarness(
  policy: Policy,
  names: Vocabulary = vocabulary,
  localized: MessageContext = context,
): Promise<Harness> {
  const slack = await startPretendSlack();
  const clock = { now: Date.UTC(2026, 10, 10, 12) };
  // Each call returns a later time, so that the order of events is known.
  const ledger = await openLedger(ledgerOptions({ kind: 'sqlite', path: ':memory:' }, () => clock.now++));
  const silentLog = { info: () => {}, warn: () => {}, error: () => {} };
  const directory = createDirectory(clientOf(slack), { team: 'T0ACME', enterprise: null }, silentLog);
  const forms: unknown[] = [];
  let unnamedChannels = 0;
  const environments = names.environments.map((name) => ({ name, organization: `acme-${name}`, production: false }));
  const ports: LocalizedPorts = {
    ledger,
    directory,
    team: 'T0ACME',
    now: () => clock.now,
    policy: () => policy,
    vocabulary: () => names,
    environments: () => environments,
    environmentOf: (organization) => environments.find((one) => one.organization === organization)?.name ?? null,
    campaign: () => null,
    contextFor: () => localized,
    plainContext: localized,
    unnamedChannel: () => {
      unnamedChannels += 1;
    },
    rates: async () => null,
    openPerPerson: () => 500,
    tooManyOpen: () => {},
    repeatedPress: async () => null,
    wake: () => {},
    announcedOrEnded: async () => {},
    judged: async () => null,
    locale: 'en',
    notRecorded(error) {
      throw error;
    },
    replies: { remember: () => {}, pass: () => {}, reply: async () => null },
    homes: { show: async () => {} },
    openForm: async (_trigger, view) => ({ id: 'V0FORM', hash: String(forms.push(view)) }),
    updateForm: async (_open, viewFor) => {
      const view = await viewFor();
      if (view !== null) forms.push(view);
    },
    languages: directory,
    localize: () => ({ plainContext: localized, contextFor: () => localized }),
    inFlight: createInFlight(),
    log: silentLog,
    count: { arrived: () => {}, fault: () => {} },
    answer: async () => ({ kind: 'posted', ts: '1.1' }),
    faultId: () => 'f00dbabe',
  };
  const invocation = (person: string, channel = 'C0OPS'): Invocation => ({
    person,
    team: 'T0ACME',
    channel,
    interaction: `done-${++interactions}`,
  });
  async function answer(person: string, text: string, channel?: string): Promise<Message> {
    const { person: user, ...where } = invocation(person, channel);
    return toldBy(await answerCommand({ text, user, ...where }, ports), ports);
  }
  return {
    unnamedChannels: () => unnamedChannels,
    ...{ slack, ledger, ports, forms, invocation, answer },
    type: async (person, text, channel) => linesOf(await answer(person, text, channel)),
    async [Symbol.asyncDispose]() {
      await ledger.close();
      await slack.close();
    },
  };
}

/** A press of a button: of whom, where, and on which message. */
export type ButtonPress = { readonly by?: string; readonly channel?: string; readonly ts?: string };

/** What somebody who presses a button of a request is told; empty if nothing. */
export async function pressOn(
  listener: typeof askAgain,
  request: string,
  { ports }: Harness,
  { by = 'U0ALICE', channel = 'C0OPS', ts = '9.9' }: ButtonPress = {},
): Promise<string> {
  const body = {
    user: { id: by },
    channel: { id: channel },
    trigger_id: `press-${++interactions}`,
    container: { message_ts: ts },
    actions: [{ value: request }] as [{ value: string }],
  };
  const message = await messageFrom(await listener(body, ports), ports);
  return message === null ? '' : linesOf(message).join(' ');
}

/** The private message of a reply. */
export async function toldBy(reply: CommandReply, ports: LocalizedPorts): Promise<Message> {
  const message = await messageFrom(reply, ports);
  if (message === null) throw new Error('the reply has no message');
  return message;
}
