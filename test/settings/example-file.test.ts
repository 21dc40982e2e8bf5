import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { jsonSchema } from '../../src/settings/file/file-schema.ts';
import { configurationOf, problemsWith, warningsWith } from './with-file.ts';

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
};

const root = new URL('../../', import.meta.url);
const example = readFileSync(new URL('campaign-wf.example.yml', root), 'utf8');

/** Every key of the schema, with its description. `*` stands for a name or an index. */
function keysOf(schema: Schema, at: readonly string[] = []): readonly [key: string, description: string][] {
  const { properties = {}, items, additionalProperties, anyOf = [] } = schema;
  const any = [items, additionalProperties].filter((inner) => typeof inner === 'object');
  return [
    ...Object.entries(properties).flatMap(([key, inner]): [string, string][] => [
      [[...at, key].join('.'), inner.description ?? ''],
      ...keysOf(inner, [...at, key]),
    ]),
    ...any.flatMap((inner) => keysOf(inner, [...at, '*'])),
    ...anyOf.flatMap((inner) => keysOf(inner, at)),
  ];
}

/** Every key that is used, in the same form. */
function keysIn(value: unknown, shapes: ReadonlySet<string>, at: readonly string[] = []): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...at, key];
    const named = !Array.isArray(value) && shapes.has(path.join('.')) ? path : [...at, '*'];
    return [named.join('.'), ...keysIn(inner, shapes, named)];
  });
}

const known = keysOf(JSON.parse(jsonSchema()));

describe('campaign-wf.example.yml', () => {
  it('is valid, without a warning', () => {
    expect(problemsWith(example)).toEqual([]);
    expect(warningsWith(example)).toEqual([]);
  });

  it('shows every key', () => {
    const names = known.map(([key]) => key);
    const used = new Set(keysIn(parse(example), new Set(names)));
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((key) => !used.has(key))).toEqual([]);
  });

  it('marks its defaults correctly: without them, it means the same', () => {
    const defaults = [
      / +production: false\n/,
      / +pauses_end_after: 7d.*\n/,
      / +environments: \[prod, stage\].*\n/,
      / +requester_may_approve: false.*\n/,
      / +count: 1.*\n/,
      / +commands: \[start, resume\]\n/,
      /^locale: en\n/m,
    ];
    const shorter = defaults.reduce((text, line) => text.replace(line, ''), example);
    expect(shorter.split('\n')).toHaveLength(example.split('\n').length - defaults.length);
    expect(configurationOf(shorter)).toEqual(configurationOf(example));
  });
});

describe('campaign-wf.schema.json', () => {
  it('is the program’s own schema: after a change, `npm run schema` writes it again', () => {
    expect(readFileSync(new URL('campaign-wf.schema.json', root), 'utf8')).toBe(jsonSchema());
  });

  it('is named in the first line of the example', () => {
    expect(example).toMatch(/^# yaml-language-server: \$schema=\.\/campaign-wf\.schema\.json\n/);
  });

  it('has a description of every key, for editors', () => {
    expect(known.filter(([, description]) => !/\w.*\.$/.test(description))).toEqual([]);
  });
});
