import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const project = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync(['*.md', 'docs/*.md'], { cwd: project });
const textOf = (page: string) => readFileSync(join(project, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');

/** The anchors of a page's headings, as GitHub and GitLab make them. */
function anchorsOf(page: string): readonly string[] {
  return Array.from(textOf(page).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it.each(pages)('every link of %s leads somewhere', (page) => {
  const links = Array.from(textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g), ([, link = '']) => link);
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(project, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
  expect(broken).toEqual([]);
});
