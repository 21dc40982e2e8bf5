import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = readdirSync(join(root, 'docs/pictures'));
const pictures = files.filter((name) => !name.endsWith('.svg'));
/** Drawn by `npm run bench day`. A chart has its own colours for the dark. */
const charts = files.filter((name) => name.endsWith('.svg'));
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** What `npm run docs:pictures` should keep to: people read it over telephones, too. */
const mostBytes = 300_000;

type Shown = { readonly page: string; readonly dark: string; readonly light: string; readonly alt: string };

const pictureElement =
  /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img src="([^"]+)" alt="([^"]+)"[^>]*>\s*<\/picture>/g;

const chartElement = /!\[([^\]]+)\]\(pictures\/([\w-]+\.svg)\)/g;

const shown = pages.flatMap((page): readonly Shown[] => {
  const found = readFileSync(join(root, page), 'utf8').matchAll(pictureElement);
  return [...found].map(([, dark = '', light = '', alt = '']) => ({ page, dark, light, alt }));
});

describe('the pictures', () => {
  it.each(shown)('$page shows $light, and in the dark $dark', ({ page, dark, light, alt }) => {
    expect(basename(light)).toMatch(/-light\.png$/);
    expect(dark).toBe(light.replace(/-light\.png$/, '-dark.png'));
    expect(alt.length).toBeGreaterThan(20);
    for (const path of [dark, light]) {
      const file = join(root, dirname(page), path);
      expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG');
      expect(statSync(file).size).toBeLessThan(mostBytes);
    }
  });

  it('are all shown somewhere, and the README has some', () => {
    const named = new Set(shown.flatMap(({ dark, light }) => [basename(dark), basename(light)]));
    expect([...named].sort()).toEqual([...pictures].sort());
    expect(shown.map(({ page }) => page)).toContain('README.md');
  });

  it.each(pages)('%s names no other picture', (page) => {
    const text = readFileSync(join(root, page), 'utf8').replaceAll(pictureElement, '').replaceAll(chartElement, '');
    expect(text).not.toMatch(/\.png|<img|!\[/);
  });
});

describe('the charts', () => {
  it.each(charts)('%s is small, says what it shows, and is readable in the dark', (name) => {
    const svg = readFileSync(join(root, 'docs/pictures', name), 'utf8');
    expect(svg.length).toBeLessThan(mostBytes);
    expect(svg).toMatch(/^<svg [^>]*viewBox="[^"]+"[^>]* aria-label="[^"]{20,}"/);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
  });

  it('that a page shows are there, and described', () => {
    for (const page of pages) {
      for (const [, alt = '', name = ''] of readFileSync(join(root, page), 'utf8').matchAll(chartElement)) {
        expect(charts).toContain(name);
        expect(alt.length).toBeGreaterThan(20);
      }
    }
  });
});
