import { parseArgs } from 'node:util';
import { nearestName } from '../commands/suggestions/nearest-name.ts';
import { code, type Phrase } from '../locales/phrase.ts';
import type { Translator } from '../locales/translator.ts';
import { joined } from '../slack/messages/message-context.ts';
import type { AuditCommand, Given, Option, Options } from './audit-command.ts';
import { UsageFailure } from './failure.ts';

/** What the command line asks for. */
export type Wanted =
  /** The help of one command, or that of the program. */
  | { readonly kind: 'help'; readonly command: AuditCommand | null }
  | {
      readonly kind: 'run';
      readonly command: AuditCommand;
      readonly given: Given<Options>;
      readonly argument: string | null;
    };

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

const help: Options = { help: { type: 'boolean', about: 'audit.help' } };

/** The options of a command, with those that every command has. */
export function optionsOf({ options }: Pick<AuditCommand, 'options'>): Options {
  return { ...options, ...help };
}

/** Reads the command line. Throws a UsageFailure that says what is wrong with it. */
export function readArguments(
  args: readonly string[],
  commands: readonly AuditCommand[],
  translator: Translator,
): Wanted {
  const [name, ...rest] = args;
  if (name === '--help' || name === 'help') return { kind: 'help', command: null };
  const known = commands.map((command) => command.name);
  if (name === undefined) throw new UsageFailure(translator.translate('audit.no_command', named(known, translator)));
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const unknown = translator.translate('audit.unknown_command', { typed: [code(name)], ...named(known, translator) });
    throw new UsageFailure(joined(unknown, suggestion(name, known, '', translator)));
  }
  return readCommand(command, rest, translator);
}

function readCommand(command: AuditCommand, args: readonly string[], translator: Translator): Wanted {
  const options = optionsOf(command);
  const config = { args: [...args], options: parserOptions(options), allowPositionals: true, tokens: true } as const;
  // Without `strict` the parser reports what was typed, and the sentence about a mistake is ours.
  const { tokens } = parseArgs({ ...config, strict: false });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return { kind: 'help', command };
  const typed = tokens.filter((token) => token.kind === 'option');
  for (const token of typed) checkOption(token, typed, options, translator);
  const { values, positionals } = parseArgs({ ...config, strict: true });
  return { kind: 'run', command, given: values, argument: argumentIn(positionals, command, translator) };
}

function parserOptions(options: Options): Record<string, Option> {
  return { ...options };
}

function checkOption(token: OptionToken, all: readonly OptionToken[], options: Options, translator: Translator): void {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  const typed = [code(token.rawName)];
  if (option === undefined) {
    const names = Object.keys(options);
    const unknown = translator.translate('audit.unknown_option', { typed, help: [code('--help')] });
    throw new UsageFailure(joined(unknown, suggestion(token.name, names, '--', translator)));
  }
  const isMultiple = option.type === 'string' && option.multiple === true;
  if (!isMultiple && all.some((other) => other.name === token.name && other !== token)) {
    throw new UsageFailure(translator.translate('audit.option_twice', { typed }));
  }
  if (option.type === 'boolean' && token.value !== undefined) {
    throw new UsageFailure(translator.translate('audit.no_value_taken', { typed }));
  }
  if (option.type === 'string' && isMissing(token)) {
    throw new UsageFailure(translator.translate('audit.value_missing', { typed }));
  }
}

/** The next option in the place of a value means that the value was forgotten; `--name=-x` gives one that begins with a dash. */
function isMissing({ value, inlineValue }: OptionToken): boolean {
  return value === undefined || value === '' || (inlineValue === false && value.startsWith('-'));
}

function argumentIn(positionals: readonly string[], { argument }: AuditCommand, translator: Translator): string | null {
  const [first, second] = positionals;
  const extra = argument === null ? first : second;
  if (extra !== undefined) throw new UsageFailure(translator.translate('audit.too_much', { typed: [code(extra)] }));
  if (!first && argument?.isRequired) {
    throw new UsageFailure(
      translator.translate('audit.argument_missing', { argument: [code(argument.name)], help: [code('--help')] }),
    );
  }
  return first ?? null;
}

function named(known: readonly string[], translator: Translator) {
  return { known: translator.either(known.map((name) => code(name))), help: [code('--help')] };
}

function suggestion(typed: string, names: readonly string[], dashes: string, translator: Translator): Phrase | null {
  const nearest = nearestName(typed, names);
  if (nearest === null) return null;
  return translator.translate('usage.did_you_mean', { suggestion: [code(`${dashes}${nearest}`)] });
}
