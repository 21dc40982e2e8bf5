import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type CallExpression, type Node, parseSync, Visitor } from 'oxc-parser';

const page = readFileSync('docs/runbook.md', 'utf8');
const [, byAlert = '', byLine = ''] = page.split(/^## By (?:alert|log line)$/m);

const headings = (text: string) => [...text.matchAll(/^###? (.+)$/gm)].map(([, heading = '']) => heading);

/** What an expression in a call cannot tell: where the message comes from instead. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  // The texts of each trouble: `begins`, below.
  'src/trouble-log.ts': [],
  'src/rule-file.ts': ['A warning of the settings'],
  'src/slack/clients.ts': ['Lines with `"from":"bolt"`'],
};

type Logged = { readonly file: string; readonly message: string };

/** The messages of all warnings and errors in the source; `…` for what is filled in. */
function loggedIn(file: string): readonly Logged[] {
  const text = readFileSync(file, 'utf8');
  const found: Logged[] = [];
  const add = (message: string) => found.push({ file, message });
  const { program } = parseSync(file, text);
  new Visitor({
    CallExpression(call) {
      if (!isWarning(call, text)) return;
      const message = call.arguments[1] === undefined ? null : messageOf(call.arguments[1], text);
      for (const one of message === null ? (elsewhere[file] ?? [`unknown in ${file}`]) : [message]) add(one);
    },
    Property(property) {
      const isName = property.key.type === 'Identifier' && property.key.name === 'begins';
      const message = isName ? messageOf(property.value, text) : null;
      if (message !== null) for (const one of expanded(message)) add(one);
    },
  }).visit(program);
  return found;
}

/** A call of `log.warn`, `log.error`, `log.fatal`, or of a method of a log that is chosen at run time. */
function isWarning({ callee }: CallExpression, text: string): boolean {
  if (callee.type !== 'MemberExpression' || !/log(?:ger)?$/i.test(text.slice(callee.object.start, callee.object.end)))
    return false;
  return (
    callee.computed || (callee.property.type === 'Identifier' && /^(warn|error|fatal)$/.test(callee.property.name))
  );
}

/** Null if it is composed elsewhere. */
function messageOf(node: Node, text: string): string | null {
  if (node.type === 'Literal') return String(node.value);
  if (node.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.cooked ?? '').join('…');
  if (node.type !== 'Identifier') return null;
  return new RegExp(`const ${node.name} = '([^']+)'`).exec(text)?.[1] ?? null;
}

const expanded = (message: string) =>
  message === '… cannot be used' ? ['Campaign cannot be used', 'IMS cannot be used'] : [message];

const logged = globSync('src/**/*.ts').toSorted().flatMap(loggedIn);

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

describe('the runbook', () => {
  it('has an entry for each warning and error that the bot logs, and no others', () => {
    const entries = headings(byLine).map((heading) => heading.replaceAll(/^`|`$/g, ''));
    const messages = logged.map(({ message }) => message.replaceAll(/^`|`$/g, ''));
    expect(logged.length).toBeGreaterThan(50);
    expect(entries.toSorted()).toEqual([...new Set(messages)].toSorted());
  });

  it('has an entry for each alert, and no others', () => {
    const alerts = readFileSync('deploy/prometheus/alerts.yml', 'utf8');
    const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(headings(byAlert).toSorted()).toEqual(names.toSorted());
    const links = [...alerts.matchAll(/runbook_url: docs\/runbook\.md#(\S+)/g)].map(([, anchor]) => anchor);
    expect(links).toEqual(names.map(anchorOf));
  });

  it('links only to what exists', () => {
    const anchors = new Set(headings(page).map(anchorOf));
    const inside = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(inside.filter((anchor) => !anchors.has(anchor))).toEqual([]);
    for (const [, file = ''] of page.matchAll(/\]\(([\w-]+\.md)[#)]/g))
      expect(globSync(`docs/${file}`)).toHaveLength(1);
  });
});
