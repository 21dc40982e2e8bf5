import type { Delivery, PretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import type { Message, PrivateReply } from '../../sandbox/slack/workspace.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';

export const alice = 'U0ALICE';
export const bob = 'U0BOB';
export const carol = 'U0CAROL';
export const dave = 'U0DAVE';
export const gina = 'U0GINA';
export const pat = 'U0PAT';
export const ops = 'C0OPS';

/** What people do and see in Slack. */
export type Conversation = {
  readonly sandbox: Sandbox;
  readonly slack: PretendSlack;
  /** Types a command, in #ops by default. Returns the acknowledgement, or the reply that follows an empty one. */
  type(user: string, text: string, channel?: string): Promise<string>;
  /** Types a command, in #ops by default. Returns the private reply to this command, and to no other one. */
  ask(user: string, text: string, channel?: string): Promise<PrivateReply>;
  /** The announcement for this workflow (or for several, with commas), once it shows this state. */
  announced(workflowId: string, state: string): Promise<Message>;
  /** The outcome in an announcement's thread. */
  outcome(announcement: Message): Promise<Message>;
  /** The follow-up in an announcement's thread. */
  followUp(announcement: Message): Promise<Message>;
  press(
    user: string,
    announcement: Message,
    choice: 'approve' | 'cancel',
    value?: string,
  ): ReturnType<PretendSlack['press']>;
  /** Waits until the bot has recorded that a workflow's question is posted, a moment after it is visible. */
  recorded(workflowId: string): Promise<void>;
  /** A private reply to this person that contains this text, and is not older than the last command that the person typed. */
  privateReply(user: string, text: string): Promise<PrivateReply>;
  /** The bodies of the POSTs that arrived for a workflow. */
  sent(workflowId: string): readonly string[];
};

/** Commands that are answered after the acknowledgement. */
const queries = /^\s*(status|history|list|access|waiting|help|$)/;

export function conversation(sandbox: Sandbox): Conversation {
  const { slack, campaign } = sandbox;
  const repliesBefore = slack.workspace.privateReplies.length;
  const typedAfter = new Map<string, number>();
  const command = (user: string, text: string, channel: string) => {
    typedAfter.set(user, slack.workspace.privateReplies.length);
    return slack.command({ user, channel, text });
  };
  /** The reply to one interaction: that to an earlier one of the same person can be late. */
  const replyTo = ({ responseUrl }: Delivery) =>
    slack.waitFor(({ privateReplies }) => privateReplies.find((reply) => reply.responseUrl === responseUrl));
  return {
    sandbox,
    slack,
    async type(user, text, channel = ops) {
      const delivered = await command(user, text, channel);
      if (delivered.body !== '' || queries.test(text)) return ackText(delivered.body);
      // Where the person's language is not known yet, the answer follows the acknowledgement.
      return (await replyTo(delivered)).text;
    },
    ask: async (user, text, channel = ops) => replyTo(await command(user, text, channel)),
    announced: (workflowId, state) =>
      slack.waitFor(({ messages }) =>
        messages.findLast(({ metadata }) => {
          const payload = metadata?.event_type === 'campaign_wf_request' ? metadata.event_payload : null;
          return (payload?.workflow_id ?? payload?.workflow_ids) === workflowId && payload?.state === state;
        }),
      ),
    outcome: ({ ts }) =>
      slack.waitFor(({ messages }) =>
        messages.find(({ threadTs, metadata }) => threadTs === ts && metadata?.event_type === 'campaign_wf_outcome'),
      ),
    followUp: ({ ts }) =>
      slack.waitFor(({ messages }) =>
        messages.find(({ threadTs, metadata }) => threadTs === ts && metadata?.event_type === 'campaign_wf_note'),
      ),
    press: (user, { channel, ts }, choice, value) =>
      slack.press({ user, channel, ts, actionId: `${choice}_request`, ...(value !== undefined && { value }) }),
    async recorded(workflowId) {
      for (let history = ''; !history.includes('waiting for confirmation'); ) {
        const typed = { user: alice, channel: ops, text: `history ${workflowId}` };
        history = (await replyTo(await slack.command(typed))).text;
      }
    },
    privateReply: (user, text) =>
      slack.waitFor(({ privateReplies }) =>
        privateReplies
          .slice(typedAfter.get(user) ?? repliesBefore)
          .find((reply) => reply.user === user && reply.text.includes(text)),
      ),
    sent: (workflowId) => campaign.posts(workflowId).map(({ body }) => body),
  };
}

/** Runs `work` in a new sandbox, which is closed afterwards. */
export async function inSandbox(
  options: Parameters<typeof startSandbox>[0],
  work: (conversation: Conversation) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox(options);
  try {
    await work(conversation(sandbox));
  } finally {
    await sandbox.close();
  }
}

/** The visible text of an acknowledgement: empty, a text, or that of a message. */
function ackText(body: string): string {
  if (!body.startsWith('{')) return body;
  const { text } = JSON.parse(body) as { text?: string };
  return text ?? '';
}

/** The ID of an announced request. */
export function requestId({ metadata }: Message): string {
  return String(metadata?.event_payload.request_id);
}

/** The visible text of a message's blocks, without the fallback. */
export function shownText(message: Pick<Message, 'blocks'>): string {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (value !== null && typeof value === 'object') {
      texts.push(shownPart(value));
      Object.values(value).forEach(collect);
    }
  };
  collect(message.blocks);
  return texts.join('');
}

export function buttons(
  message: Pick<Message, 'blocks'>,
): readonly { action_id: string; value: string; style?: string }[] {
  return message.blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as never) : []));
}

/** A text, a link or a mention, as Slack writes it in a text. */
function shownPart(part: object): string {
  const { text, url, user_id, usergroup_id } = part as Readonly<Record<string, unknown>>;
  if (typeof user_id === 'string') return `<@${user_id}>`;
  if (typeof usergroup_id === 'string') return `<!subteam^${usergroup_id}>`;
  if (typeof text !== 'string') return '';
  return typeof url === 'string' ? `<${url}|${text}>` : text;
}
