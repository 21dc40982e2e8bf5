import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { BREAKAGE_NAMES } from '../../sandbox/page/breakages.ts';
import { usage } from '../../sandbox/read-arguments.ts';

const text = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');

describe('docs/sandbox.md', () => {
  it('documents every switch, and no other', () => {
    const [, table = ''] = /\| switch [^\n]*\n[^\n]*\n((?:\|[^\n]*\n)+)/.exec(text) ?? [];
    const documented = table.split('\n').map((row) => row.split('|')[1]?.trim());
    expect(documented.filter((name) => name !== undefined)).toEqual(BREAKAGE_NAMES);
  });

  it.each([...new Set(usage.match(/--[a-z-]{2,}/g))])('documents %s', (option) => {
    expect(text).toMatch(new RegExp(`^\\| \`${option}[ \`]`, 'm'));
  });
});
