import type { Command } from './command.ts';
import { type ParseResult, parsed, refuse } from './reading.ts';
import { excerpt } from './usage-error.ts';
import type { Word } from './words.ts';

/** A mention as Slack writes it: `<@U012|bob>`. */
const mention = /^<@(?<person>[UW][A-Z0-9]{2,})(?:\|[^>]*)?>$/;

/** Reads the person that `access` is about: nobody named is oneself. */
export function readPerson(text: string, [first]: readonly Word[]): ParseResult<Command> {
  if (first === undefined) return parsed({ kind: 'access', person: null });
  const typed = text.slice(first.at).trim();
  const person = mention.exec(typed)?.groups?.person;
  if (person === undefined) return refuse({ problem: 'bad_person', typed: excerpt(typed) });
  return parsed({ kind: 'access', person });
}
