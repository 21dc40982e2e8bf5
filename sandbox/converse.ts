import { createInterface } from 'node:readline';
import { printChannel } from './slack/print-channel.ts';
import type { Message, Workspace } from './slack/workspace.ts';
import type { Sandbox } from './start-sandbox.ts';

/** Who types, and where. */
type Seat = { user: string; channel: string };

type Line =
  | { readonly does: 'type'; readonly text: string }
  | { readonly does: 'press'; readonly choice: 'approve' | 'cancel' }
  | { readonly does: 'as' | 'in'; readonly name: string }
  | { readonly does: 'show' | 'restart' | 'quit' | 'nothing' | 'explain' };

/** Lets a person at the terminal be anybody in the pretend Slack, until they quit or the process is told to end. */
export async function converse(sandbox: Sandbox, print: (text: string) => void): Promise<void> {
  const seat: Seat = { user: 'U0ALICE', channel: 'C0OPS' };
  print(introduction(sandbox));
  const show = () => print(`\n${printChannel(sandbox.slack.workspace, seat.channel, { as: seat.user })}\n`);
  const lines = createInterface({ input: process.stdin, terminal: false });
  const ended = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.resolve());
  lines.on('line', (line) => {
    const read = readLine(line);
    if (read.does === 'quit') return ended.resolve();
    if (read.does === 'show') return show();
    carryOut(read, seat, sandbox, print).catch((error: unknown) => print(String(error)));
  });
  const silence = sandbox.slack.on('change', debounced(show));
  await ended.promise;
  silence();
  lines.close();
}

/** Several things change at once; the channel is shown when they have. */
function debounced(show: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  };
}

function readLine(line: string): Line {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const [name = ''] = rest;
  switch (word) {
    case '':
      return { does: 'nothing' };
    case '/campaign-wf':
      return { does: 'type', text: rest.join(' ') };
    case 'as':
    case 'in':
      return { does: word, name: name.replace(/^[@#]/, '') };
    case 'press':
      return { does: 'press', choice: name === 'cancel' ? 'cancel' : 'approve' };
    case 'show':
    case 'restart':
    case 'quit':
      return { does: word };
    default:
      return { does: 'explain' };
  }
}

async function carryOut(line: Line, seat: Seat, sandbox: Sandbox, print: (text: string) => void): Promise<void> {
  const { slack } = sandbox;
  switch (line.does) {
    case 'type':
      await slack.command({ ...seat, text: line.text });
      return;
    case 'press':
      await pressLast(line.choice, seat, sandbox);
      return;
    case 'as':
      seat.user = slack.workspace.users.find(({ name }) => name === line.name)?.id ?? seat.user;
      return print(whereabouts(seat, slack.workspace));
    case 'in':
      seat.channel = slack.workspace.channels.find(({ name }) => name === line.name)?.id ?? seat.channel;
      return print(whereabouts(seat, slack.workspace));
    case 'restart':
      await sandbox.restart('SIGKILL');
      return print('The bot was killed and runs again.');
    case 'explain':
      return print(manual);
    case 'show':
    case 'quit':
    case 'nothing':
      return;
    default:
      return line satisfies never;
  }
}

async function pressLast(choice: 'approve' | 'cancel', { user, channel }: Seat, { slack }: Sandbox): Promise<void> {
  const asks = (message: Message) =>
    message.channel === channel && message.blocks.some(({ type }) => type === 'actions');
  const question = slack.workspace.messages.findLast(asks);
  if (question === undefined) throw new Error('There is no question in this channel.');
  await slack.press({ user, channel, ts: question.ts, actionId: `${choice}_request` });
}

function whereabouts({ user, channel }: Seat, { users, channels }: Workspace): string {
  const [person, place] = [users.find(({ id }) => id === user), channels.find(({ id }) => id === channel)];
  return `You are @${person?.name} in #${place?.name}.`;
}

const manual = `Type, and end with Enter:
  /campaign-wf help          any command of the bot, e.g. /campaign-wf stop WKF110 wrong audience
  press approve              presses the red button of the last question; "press cancel" the other one
  as bob                     be somebody else: alice, bob, carol, dave, gina (a guest), pat (a partner)
  in marketing               go to another channel: ops, marketing, shared, nobot, leads
  show                       shows the channel again
  restart                    kills the bot and starts it again
  quit                       ends everything; Ctrl-C does, too`;

function introduction({ slack, campaign, bot }: Sandbox): string {
  return `The bot runs at ${bot().url} (health: /readyz, /metrics),
the pretend Slack at ${slack.apiUrl}, the pretend Campaign at ${campaign.apiUrl}.
Workflows: WKF110 to WKF113, WKF200 to WKF205. Alice may run them, Bob and Carol confirm a stop.

${manual}

You are @alice in #ops.`;
}
