import type { Writable } from 'node:stream';
import type { parameters } from '../locales/parameters.ts';
import type { Translator } from '../locales/translator.ts';
import type { Database } from '../requests/ledger/open-ledger.ts';
import type { SlackAccess } from '../settings/settings.ts';
import type { SigningKey } from '../transparency-log/keys.ts';

/** A message without parameters. */
export type PlainKey = {
  [K in keyof typeof parameters]: keyof (typeof parameters)[K] extends never ? K : never;
}[keyof typeof parameters];

/** An option, by its name without the dashes. `value`: what the help shows in place of its value, in English. */
export type Option =
  | { readonly type: 'boolean'; readonly about: PlainKey }
  | { readonly type: 'string'; readonly value: string; readonly multiple?: boolean; readonly about: PlainKey };
export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { type: 'boolean' }
  ? boolean
  : O extends { multiple: true }
    ? readonly string[]
    : string;

/** What was given on the command line, as strings that are not checked yet. */
export type Given<O extends Options> = {
  readonly [Name in keyof O]?: ValueOf<O[Name]>;
};

/** The argument that stands without a name, such as the ID of a request. */
export type Argument = { readonly name: string; readonly isRequired: boolean; readonly about: PlainKey };

export type AuditContext = {
  readonly translator: Translator;
  /** The place of the ledger. Throws a Failure where the settings do not name one. */
  database(): Database;
  /** The bot's key where the settings have one. Throws a Failure where it is not one. */
  logKey(): SigningKey | null;
  /** How the bot calls Slack. Throws a Failure where the settings do not say it. */
  slack(): SlackAccess;
  readonly stdout: Writable;
  /** Prints a line for people on standard output. */
  say(line: string): void;
  /** Prints a line for people beside the output: on standard error. */
  remark(line: string): void;
  /** Shows a terminal how far the work is, until something else is printed. */
  progress(text: () => string): void;
  /** Waits so many milliseconds, for Slack. */
  pause(ms: number): Promise<unknown>;
};

/** One command of `npm run audit`. Names of commands and options are English and never change. */
export type AuditCommand<O extends Options = Options> = {
  readonly name: string;
  readonly summary: PlainKey;
  readonly argument: Argument | null;
  readonly options: O;
  /**
   * Returns the exit code: 0, or 1 for a record that does not hold or an answer that is "no". Throws a Failure to end
   * with a sentence instead.
   */
  run(given: Given<O>, argument: string | null, context: AuditContext): Promise<number>;
};

/** Keeps the types of the options in `run`. */
export function auditCommand<const O extends Options>(command: AuditCommand<O>): AuditCommand {
  return command as unknown as AuditCommand;
}
