import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import { vocabulary } from './vocabulary.fixture.ts';

export function parse(text: string) {
  return parseCommand(text.replace('WKF110', 'WKF110 --env stage'), vocabulary);
}

/** What a text is read as: its time and its reason, or the problem and its suggestion. */
export function reading(text: string): string {
  const parsed = parse(text);
  if (!parsed.ok) {
    const { problem } = parsed.error;
    return parsed.error.problem === 'doubtful_time' ? `asks: ${parsed.error.suggestions.join(' or ') || '?'}` : problem;
  }
  const { command } = parsed;
  if (command.kind !== 'change' && command.kind !== 'change_several') return command.kind;
  const { due, reason } = command;
  const resumes = command.kind === 'change' ? command.resumes : undefined;
  const time = due ?? resumes;
  const said = time === undefined ? 'now' : time.kind === 'in' ? `${time.ms} ms` : `${time.day} ${time.time}`;
  return `${resumes ? 'until ' : ''}${said}${reason && ` (${reason})`}`;
}
