import type { Message } from '../slack/workspace.ts';
import type { Sandbox } from '../start-sandbox.ts';

/** The channel of the tour. */
export const tourChannel = 'C0OPS';

/** Types a command. Resolves when it is acknowledged. */
export function type(sandbox: Sandbox, user: string, text: string) {
  return sandbox.slack.command({ user, channel: tourChannel, text });
}

/** The newest announcement for that workflow, of that command where one is given, once it shows that state. */
export function announcement(sandbox: Sandbox, workflowId: string, state: string, command?: string): Promise<Message> {
  return sandbox.slack.waitFor(({ messages }) =>
    messages.findLast(({ metadata }) => {
      const payload = metadata?.event_payload;
      return (
        metadata?.event_type === 'campaign_wf_request' &&
        payload?.workflow_id === workflowId &&
        (command === undefined || payload.command === command) &&
        payload.state === state
      );
    }),
  );
}

/** The outcome in that announcement's thread. */
export function outcome(sandbox: Sandbox, { ts }: Message): Promise<Message> {
  return sandbox.slack.waitFor(({ messages }) =>
    messages.find(({ threadTs, metadata }) => threadTs === ts && metadata?.event_type === 'campaign_wf_outcome'),
  );
}

/** What a watch tells of that workflow. */
export function alert(sandbox: Sandbox, workflowId: string, state: string): Promise<Message> {
  return sandbox.slack.waitFor(({ messages }) =>
    messages.find(({ metadata }) => {
      const payload = metadata?.event_payload;
      return (
        metadata?.event_type === 'campaign_wf_watch' && payload?.workflow_id === workflowId && payload.state === state
      );
    }),
  );
}

/** A private reply to that person with this text. */
export function privately(sandbox: Sandbox, user: string, text: string) {
  return sandbox.slack.waitFor(({ privateReplies }) =>
    privateReplies.find((reply) => reply.user === user && reply.text.includes(text)),
  );
}

/** Presses one of the two buttons under a question. */
export function press(sandbox: Sandbox, user: string, { channel, ts }: Message, choice: 'approve' | 'cancel') {
  return sandbox.slack.press({ user, channel, ts, actionId: `${choice}_request` });
}
