import { parseArgs } from 'node:util';
import { nearestName } from '../commands/suggestions/nearest-name.ts';
import { code, type Phrase } from '../locales/phrase.ts';
import { plain, type Translator } from '../locales/translator.ts';
import { joined } from '../slack/messages/message-context.ts';
import { type Area, areas } from './finding.ts';

/** What the command line asks for. */
export type Wanted =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'run'; readonly areas: readonly Area[] };

const options = { json: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } } as const;

/** Whether the answer has to be JSON, whatever else is wrong with the command line. */
export function wantsJson(args: readonly string[]): boolean {
  return args.some((arg) => arg === '--json' || arg.startsWith('--json='));
}

export function readOptions(args: readonly string[], translator: Translator): Wanted {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return { kind: 'help' };
  const named: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') return wrong(translator.translate('audit.too_much', typed(token.value)));
    if (token.kind !== 'option') continue;
    const problem = problemOf(token, translator);
    if (problem !== null) return wrong(problem);
    if (token.name === 'only') named.push(...areasIn(token.value ?? ''));
  }
  const unknown = named.find((name) => !isArea(name));
  if (unknown !== undefined) return wrong(unknownArea(unknown, translator));
  return { kind: 'run', areas: named.length === 0 ? areas : areas.filter((area) => named.includes(area)) };
}

/** A comma too many names no area. */
function areasIn(value: string): readonly string[] {
  return value.split(',').flatMap((area) => area.trim() || []);
}

type OptionToken = { readonly name: string; readonly rawName: string; readonly value?: string | undefined };

function problemOf({ name, rawName, value }: OptionToken, translator: Translator): Phrase | null {
  if (!Object.hasOwn(options, name)) {
    const unknown = translator.translate('audit.unknown_option', { ...typed(rawName), help: [code('--help')] });
    return joined(unknown, suggestion(name, Object.keys(options), '--', translator));
  }
  if (name === 'json' && value !== undefined) return translator.translate('audit.no_value_taken', typed(rawName));
  const isMissing = name === 'only' && (value === undefined || areasIn(value).length === 0 || value.startsWith('-'));
  return isMissing ? translator.translate('audit.value_missing', typed(rawName)) : null;
}

function unknownArea(area: string, translator: Translator): Phrase {
  const known = translator.all(areas.map((one) => code(one)));
  const unknown = translator.translate('doctor.unknown_area', { ...typed(area), known });
  return joined(unknown, suggestion(area, areas, '', translator));
}

function suggestion(name: string, known: readonly string[], dashes: string, { translate }: Translator): Phrase | null {
  const nearest = nearestName(name, known);
  return nearest === null ? null : translate('usage.did_you_mean', { suggestion: [code(`${dashes}${nearest}`)] });
}

function typed(text: string) {
  return { typed: [code(text)] };
}

function wrong(why: Phrase): Wanted {
  return { kind: 'wrong', why: plain(why) };
}

function isArea(name: string): name is Area {
  return (areas as readonly string[]).includes(name);
}

export function helpText({ translate }: Translator): string {
  const rows = [
    ['--only AREA,…', plain(translate('doctor.help_only', { areas: areas.join(', ') }))],
    ['--json', plain(translate('doctor.help_json'))],
    ['--help', plain(translate('audit.help'))],
  ] as const;
  const lines = rows.map(([option, about]) => `  ${option.padEnd(15)}${about}`);
  return ['npm run doctor -- [OPTIONS]', plain(translate('doctor.summary')), lines.join('\n')].join('\n\n');
}
