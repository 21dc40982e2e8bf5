import { findButtons } from '../../sandbox/slack/delivery/block-action.ts';
import type { PretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { directChannelId, type Message } from '../../sandbox/slack/workspace.ts';
import { actionIds } from '../../src/slack/names.ts';

/** A direct message to somebody whom a stage of an escalation asks, or who is named of an emergency. */
export type Page = {
  readonly kind: PageKind;
  readonly request: string;
  readonly person: string;
  readonly message: Message;
};
type PageKind = 'question' | 'emergency';

/** Notes each of these messages when it is posted: later, the answer to a press takes its place. */
export function followPages(slack: PretendSlack): readonly Page[] {
  const pages: Page[] = [];
  let known = 0;
  slack.on('change', () => {
    const { messages } = slack.workspace;
    for (const message of messages.slice(known)) pages.push(...pageIn(message, slack));
    known = messages.length;
  });
  return pages;
}

/** How such a message begins. */
const beginnings: readonly (readonly [beginning: string, kind: PageKind])[] = [
  ['You are asked to decide on this', 'question'],
  ['You are asked to review this emergency', 'emergency'],
  ['For you to know: this is an emergency', 'emergency'],
];

/** What a direct message is about, by its text. null: something else. */
export function pageKind(text: string): PageKind | null {
  return beginnings.find(([beginning]) => text.startsWith(beginning))?.[1] ?? null;
}

const requestId = /\b[0-9A-HJKMNP-TV-Z]{8}\b/;

function pageIn(message: Message, { workspace }: PretendSlack): readonly Page[] {
  const { userId, channel, text, blocks } = message;
  const kind = pageKind(text);
  const person = workspace.users.find(({ id }) => directChannelId(id) === channel)?.id;
  if (userId !== workspace.bot.userId || kind === null || person === undefined) return [];
  const [approve] = findButtons(blocks, actionIds.approve);
  const request = approve?.button.value ?? requestId.exec(text)?.[0];
  return request === undefined ? [] : [{ kind, request, person, message }];
}
