import type { PretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import type { Message, PrivateReply } from '../../sandbox/slack/workspace.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';

export const alice = 'U0ALICE';
export const bob = 'U0BOB';
export const carol = 'U0CAROL';
export const dave = 'U0DAVE';
export const gina = 'U0GINA';
export const pat = 'U0PAT';
export const ops = 'C0OPS';

/** What a test does with one request, in the words of those who see it. */
export type Conversation = {
  readonly sandbox: Sandbox;
  readonly slack: PretendSlack;
  /** Types in #ops unless told otherwise; gives the private acknowledgement. */
  type(user: string, text: string, channel?: string): Promise<string>;
  /** The announcement for that workflow, once it shows that state. */
  announced(workflowId: string, state: string): Promise<Message>;
  /** The outcome in an announcement's thread. */
  outcome(announcement: Message): Promise<Message>;
  /** What was seen of the workflow afterwards, in an announcement's thread. */
  note(announcement: Message): Promise<Message>;
  press(
    user: string,
    announcement: Message,
    choice: 'approve' | 'cancel',
    value?: string,
  ): ReturnType<PretendSlack['press']>;
  /** Until the bot has it on record that a workflow's question is posted, which is a moment after everybody sees it. */
  recorded(workflowId: string): Promise<void>;
  /** A private reply to somebody with these words in it. */
  told(user: string, words: string): Promise<PrivateReply>;
  /** The bodies of the POSTs that arrived for a workflow. */
  sent(workflowId: string): readonly string[];
};

/** What is looked up before it is answered. */
const reads = /^\s*(status|history|access|help|$)/;

export function conversation(sandbox: Sandbox): Conversation {
  const { slack, campaign } = sandbox;
  const saidBefore = slack.workspace.privateReplies.length;
  return {
    sandbox,
    slack,
    async type(user, text, channel = ops) {
      const before = slack.workspace.privateReplies.length;
      const { body } = await slack.command({ user, channel, text });
      if (body !== '' || reads.test(text)) return ackText(body);
      // Whose language is not known yet is answered behind the acknowledgement.
      const { text: answered } = await slack.waitFor(({ privateReplies }) =>
        privateReplies.slice(before).find((reply) => reply.user === user),
      );
      return answered;
    },
    announced: (workflowId, state) =>
      slack.waitFor(({ messages }) =>
        messages.findLast(({ metadata }) => {
          const told = metadata?.event_type === 'campaign_wf_request' ? metadata.event_payload : null;
          return told?.workflow_id === workflowId && told.state === state;
        }),
      ),
    outcome: ({ ts }) =>
      slack.waitFor(({ messages }) =>
        messages.find(({ threadTs, metadata }) => threadTs === ts && metadata?.event_type === 'campaign_wf_outcome'),
      ),
    note: ({ ts }) =>
      slack.waitFor(({ messages }) =>
        messages.find(({ threadTs, metadata }) => threadTs === ts && metadata?.event_type === 'campaign_wf_note'),
      ),
    press: (user, { channel, ts }, choice, value) =>
      slack.press({ user, channel, ts, actionId: `${choice}_request`, ...(value !== undefined && { value }) }),
    async recorded(workflowId) {
      for (let asked = ''; !asked.includes('waiting for confirmation'); ) {
        const before = slack.workspace.privateReplies.length;
        await slack.command({ user: alice, channel: ops, text: `history ${workflowId}` });
        const later = (text: string) => text.includes('Last requests');
        const reply = await slack.waitFor(({ privateReplies }) =>
          privateReplies.slice(before).find(({ text }) => later(text)),
        );
        asked = reply.text;
      }
    },
    told: (user, words) =>
      slack.waitFor(({ privateReplies }) =>
        privateReplies.slice(saidBefore).find((reply) => reply.user === user && reply.text.includes(words)),
      ),
    sent: (workflowId) => campaign.posts(workflowId).map(({ body }) => body),
  };
}

/** A fresh sandbox, closed when the work with it has ended. */
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

/** What Slack shows of an acknowledgement: nothing, a text, or a message. */
function ackText(body: string): string {
  if (!body.startsWith('{')) return body;
  const { text } = JSON.parse(body) as { text?: string };
  return text ?? '';
}

/** The id of a request, as its announcement's buttons, metadata and small print have it. */
export function requestId({ metadata }: Message): string {
  return String(metadata?.event_payload.request_id);
}

/** The visible words of a message's blocks, without the fallback. */
export function shownText(message: Pick<Message, 'blocks'>): string {
  const words: string[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (value !== null && typeof value === 'object') {
      if ('text' in value && typeof value.text === 'string') words.push(value.text);
      Object.values(value).forEach(collect);
    }
  };
  collect(message.blocks);
  return words.join('');
}

export function buttons(
  message: Pick<Message, 'blocks'>,
): readonly { action_id: string; value: string; style?: string }[] {
  return message.blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as never) : []));
}
