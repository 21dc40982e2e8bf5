import { code } from '../locales/phrase.ts';
import { plain, type Translator } from '../locales/translator.ts';
import type { AuditCommand, Option } from './audit-command.ts';
import { optionsOf } from './read-arguments.ts';

const program = 'npm run audit --';

/** The help of the program: each command with what it does. */
export function programHelp(commands: readonly AuditCommand[], { translate }: Translator): string {
  const rows = commands.map((command) => [synopsis(command), plain(translate(command.summary))] as const);
  const more = translate('audit.more', { command: [code(`${program} verify --help`)] });
  return [`${program} COMMAND`, plain(translate('audit.summary')), columns(rows), plain(more)].join('\n\n');
}

/** The help of one command: its argument and its options. */
export function commandHelp(command: AuditCommand, { translate }: Translator): string {
  const { argument, summary } = command;
  const ofArgument = argument === null ? [] : [[argument.name, plain(translate(argument.about))] as const];
  const ofOptions = Object.entries(optionsOf(command)).map(
    ([name, option]) => [written(name, option), plain(translate(option.about))] as const,
  );
  return [`${program} ${synopsis(command)}`, plain(translate(summary)), columns([...ofArgument, ...ofOptions])].join(
    '\n\n',
  );
}

/** "show ID [--output FILE]" */
function synopsis({ name, argument, options }: AuditCommand): string {
  const ofArgument = argument === null ? [] : [argument.isRequired ? argument.name : `[${argument.name}]`];
  const ofOptions = Object.keys(options).length === 0 ? [] : ['[OPTIONS]'];
  return [name, ...ofArgument, ...ofOptions].join(' ');
}

function written(name: string, option: Option): string {
  return option.type === 'boolean' ? `--${name}` : `--${name} ${option.value}${option.multiple ? ' …' : ''}`;
}

function columns(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
