import { z } from 'zod';
import { translatorFor } from '../locales/translator.ts';
import { fileSchema } from './file/file-schema.ts';
import { fileNameOf, isSecretName } from './secret-names.ts';
import type { About } from './variable-descriptions.ts';
import { environmentSchema } from './variables.ts';

// `.env.example` and `docs/settings.md`, from the descriptions in the schemas.

/** The part of a JSON schema that is read here. */
type Schema = Partial<About> & {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
};

const longestLine = 118;

function schemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as Schema;
}

function variables(): readonly (readonly [string, Schema])[] {
  return Object.entries(schemaOf(environmentSchema(translatorFor('en'))).properties ?? {});
}

/** The content of `.env.example`. */
export function exampleEnv(): string {
  const top = [
    '# campaign-wf: copy this file to .env and fill it in. Never commit .env. npm run schema writes this file.',
    '# A start with something wrong in here prints every problem, with where the right value is found.',
    '# Each secret can be a file instead, which has it and nothing else: SLACK_BOT_TOKEN_FILE=/run/secrets/slack_bot_token.',
  ];
  const lines = variables().flatMap(([name, { heading, description = '', needed, example, default: usual }]) => [
    ...(heading === undefined ? [] : ['', `# --- ${heading} ${'-'.repeat(Math.max(3, 95 - heading.length))}`]),
    ...wrapped(description).map((line) => `# ${line}`),
    `${needed === undefined ? '#' : ''}${name}=${usual === '' ? '' : (usual ?? example ?? '')}`,
  ]);
  return `${[...top, ...lines].join('\n')}\n`;
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > longestLine - '# '.length) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The content of `docs/settings.md`. */
export function settingsPage(): string {
  return `# Settings

_\`npm run schema\` writes this page from the schemas that the bot checks its settings with._

## Variables

In the environment, or in the file \`.env\` of the working directory; the environment comes first. An empty variable counts as absent. A secret can be [a file](deployment.md#secrets-as-files) instead. They are read at the start.
${variables().map(variableLines).join('\n')}

[Traces](operation.md) have the standard variables \`OTEL_*\`. Node's own apply as well, such as \`NODE_EXTRA_CA_CERTS\`; they have to be in the environment.

## Keys of \`campaign-wf.yml\`

\`[]\` stands for each entry of a list, \`NAME\` for a name of your own. [Configuration](configuration.md) explains them, and [\`campaign-wf.example.yml\`](../campaign-wf.example.yml) shows all of them. A change is read while the bot runs.

| key | meaning | values | default |
| --- | --- | --- | --- |
${keysOf(schemaOf(fileSchema(translatorFor('en'))), '')
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n')}
`;
}

const tableHead = '| variable | meaning | needed | default |\n| --- | --- | --- | --- |';

function variableLines([name, { heading, description = '', needed = '', example, default: usual }]: readonly [
  string,
  Schema,
]): string {
  const secret = isSecretName(name) ? ` Secret, also as \`${fileNameOf(name)}\`.` : '';
  const shown = example === undefined ? code(usual) : `such as ${code(example)}`;
  const row = `| \`${name}\` | ${cell(description)}${secret} | ${needed} | ${shown} |`;
  return heading === undefined ? row : `\n### ${heading.replace(/\.$/, '')}\n\n${tableHead}\n${row}`;
}

/** The rows of all keys below a place: key, meaning, values, default. */
function keysOf(
  { properties = {}, required = [], items, additionalProperties, anyOf = [] }: Schema,
  at: string,
): readonly string[][] {
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => {
      const path = at === '' ? key : `${at}.${key}`;
      const byDefault = required.includes(key) ? 'required' : code(inner.default);
      return [[`\`${path}\``, cell(inner.description ?? ''), valuesOf(inner), byDefault], ...keysOf(inner, path)];
    }),
    ...(items === undefined ? [] : keysOf(items, `${at}[]`)),
    ...(typeof additionalProperties === 'object' ? keysOf(additionalProperties, `${at}.NAME`) : []),
    ...anyOf.flatMap((inner) => keysOf(inner, at)),
  ];
}

/** What a key takes. */
function valuesOf({ type, const: only, enum: words, items, additionalProperties, anyOf }: Schema): string {
  if (anyOf !== undefined) return anyOf.map(valuesOf).join(' or ');
  if (only !== undefined) return code(only);
  if (words !== undefined) return words.map((word) => code(word)).join(', ');
  if (type === 'array') return items?.enum === undefined ? 'a list' : `a list of ${valuesOf(items)}`;
  if (type === 'object') return typeof additionalProperties === 'object' ? 'names with keys' : 'keys';
  return { string: 'a text', boolean: '`true`, `false`', integer: 'a whole number' }[type ?? ''] ?? '';
}

/** Lists and mappings that are empty by default need no word. */
function code(value: unknown): string {
  const isNothing = value === undefined || value === '' || typeof value === 'object';
  return isNothing ? '' : `\`${String(value)}\``;
}

/** In a cell, `<` and `|` would be read as markup. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
}
