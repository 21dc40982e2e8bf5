import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import type { Policy } from '../../../src/access/policy.ts';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import type { Ledger } from '../../../src/requests/ledger/ledger.ts';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import type { Invocation } from '../../../src/slack/answers/invocation.ts';
import { createDirectory } from '../../../src/slack/directory.ts';
import type { LocalizedPorts } from '../../../src/slack/listener-ports.ts';
import { createInFlight } from '../../../src/slack/listeners/in-flight.ts';
import { answerCommand } from '../../../src/slack/listeners/typed-command.ts';
import type { MessageContext } from '../../../src/slack/messages/message-context.ts';
import type { Message } from '../../../src/slack/render.ts';
import { ledgerOptions } from '../../requests/ledger/ledger.fixture.ts';
import { clientOf } from '../../sandbox/slack/quiet-client.ts';
import { linesOf } from '../shown-text.ts';
import { context } from '../voices.ts';

/** Where people type and click: a real ledger, and what the pretend Slack says of people; nothing is carried out. */
export type Desk = {
  readonly slack: PretendSlack;
  readonly ledger: Ledger;
  readonly ports: LocalizedPorts;
  /** How many commands came from channels that no rule names. */
  elsewhere(): number;
  /** The forms that were opened. */
  readonly forms: unknown[];
  asking(person: string, channel?: string): Invocation;
  /** What is answered, at once or later. */
  answer(person: string, text: string, channel?: string): Promise<Message>;
  /** The lines of it. */
  type(person: string, text: string, channel?: string): Promise<readonly string[]>;
  [Symbol.asyncDispose](): Promise<void>;
};

export const vocabulary: Vocabulary = { environments: ['prod', 'stage'], defaultEnvironment: 'prod', aliases: [] };

let interactions = 0;

export async function openDesk(
  policy: Policy,
  names: Vocabulary = vocabulary,
  spoken: MessageContext = context,
): Promise<Desk> {
  const slack = await startPretendSlack();
  const clock = { now: Date.UTC(2026, 10, 10, 12) };
  // Each moment is another one, so that what came later is known to have.
  const ledger = await openLedger(ledgerOptions({ kind: 'sqlite', path: ':memory:' }, () => clock.now++));
  const silence = { info: () => {}, warn: () => {}, error: () => {} };
  const directory = createDirectory(clientOf(slack), { team: 'T0ACME', enterprise: null }, silence);
  const forms: unknown[] = [];
  const desk = { elsewhere: 0 };
  const ports: LocalizedPorts = {
    ledger,
    directory,
    team: 'T0ACME',
    now: () => clock.now,
    policy: () => policy,
    vocabulary: () => names,
    environments: () => names.environments.map((name) => ({ name, organization: `acme-${name}`, production: false })),
    campaign: () => null,
    contextFor: async () => spoken,
    plainContext: spoken,
    unnamedChannel: () => {
      desk.elsewhere += 1;
    },
    rates: async () => null,
    openPerPerson: () => 500,
    tooManyOpen: () => {},
    repeatedPress: async () => null,
    wake: () => {},
    notRecorded(error) {
      throw error;
    },
    replies: { remember: () => {}, pass: () => {}, reply: async () => null },
    openForm: async (_trigger, view) => forms.push(view) > 0,
    languages: directory,
    localize: () => ({ plainContext: spoken, contextFor: async () => spoken }),
    inFlight: createInFlight(),
    log: silence,
    count: { arrived: () => {}, fault: () => {} },
    answer: async () => ({ kind: 'posted', ts: '1.1' }),
    faultId: () => 'f00dbabe',
  };
  const asking = (person: string, channel = 'C0OPS'): Invocation => ({
    person,
    team: 'T0ACME',
    channel,
    interaction: `done-${++interactions}`,
  });
  async function answer(person: string, text: string, channel?: string): Promise<Message> {
    const { person: user, ...where } = asking(person, channel);
    const answered = await answerCommand({ text, user, ...where }, ports);
    return 'now' in answered ? answered.now(spoken) : answered.later(ports);
  }
  return {
    elsewhere: () => desk.elsewhere,
    ...{ slack, ledger, ports, forms, asking, answer },
    type: async (person, text, channel) => linesOf(await answer(person, text, channel)),
    async [Symbol.asyncDispose]() {
      await ledger.close();
      await slack.close();
    },
  };
}
