import { code, foreign, group, type Phrase, user } from '../../locales/phrase.ts';
import type { Words } from '../../locales/words.ts';
import type { Order } from '../../requests/events.ts';
import type { RecordedPeople } from '../../requests/reasons.ts';
import { slashCommand } from '../names.ts';

/** In which words a message is written, and how it refers to what is outside of it. */
export type Voice = {
  readonly words: Words;
  readonly botName: string;
  /** Another request: a link to its announcement where there is one, else its id. */
  refer(request: string): Phrase;
};

/** A command as it can be typed. */
export function typed(...parts: readonly string[]) {
  return code([slashCommand, ...parts].join(' '));
}

export function invite({ botName }: Voice) {
  return code(`/invite @${botName}`);
}

/** "@a, @b or @crm-leads": mentioned, so that they are notified. */
export function mention({ users, groups }: RecordedPeople, { words }: Voice): Phrase {
  return words.either([...users.map(user), ...groups.map(group)]);
}

export function isNobody({ users, groups }: RecordedPeople): boolean {
  return users.length === 0 && groups.length === 0;
}

/** The workflow as people know it: its alias with the ID, or the ID. */
export function workflowName({ alias, workflowId }: Pick<Order, 'alias' | 'workflowId'>, { words }: Voice): Phrase {
  if (alias === null) return [foreign(workflowId)];
  return words.say('announce.alias', { alias, workflow: [foreign(workflowId)] });
}

/** Phrases in a row, with spaces between. */
export function joined(...phrases: readonly (Phrase | null)[]): Phrase {
  const said = phrases.filter((phrase) => phrase !== null);
  return said.flatMap((phrase, index) => (index === 0 ? phrase : [{ kind: 'text', text: ' ' } as const, ...phrase]));
}
