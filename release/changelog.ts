/** A section of the changelog, from its heading to the next one of the same level. */
export type Section = { readonly heading: string; readonly body: string };

/** `## 1.2.3, unreleased` or `## Unreleased`. */
const unreleased = /^(?:\d+\.\d+\.\d+, )?unreleased$/i;

/** The sections, newest first, as they are in the file. */
export function sectionsOf(changelog: string): readonly Section[] {
  return changelog
    .split(/^(?=## )/m)
    .slice(1)
    .map((text) => {
      const [first = '', ...rest] = text.split('\n');
      return { heading: first.slice('## '.length).trim(), body: rest.join('\n').trim() };
    });
}

/** Why the newest section cannot be released; null if it can. */
export function changelogProblem(changelog: string): string | null {
  const [newest] = sectionsOf(changelog);
  if (newest === undefined || !unreleased.test(newest.heading)) {
    return 'CHANGELOG.md does not begin with a section "Unreleased": nothing has changed since the last release.';
  }
  if (!/^- \S/m.test(newest.body)) return 'CHANGELOG.md has no changes under "Unreleased".';
  const [, upgrading = ''] = /^### Upgrading\n+([\s\S]*?)(?=^### |$(?![\s\S]))/m.exec(newest.body) ?? [];
  return upgrading.trim() === ''
    ? 'CHANGELOG.md does not say under "### Upgrading" how to upgrade. If there is nothing to do, say so.'
    : null;
}

/** The changelog with the newest section as the one of that version. @param date such as `2026-11-30` */
export function releasedChangelog(changelog: string, version: string, date: string): string {
  return changelog.replace(/^## .*$/m, `## ${version}, ${date}`);
}

/** What the changelog says about a version; null if it has no such section. */
export function notesOf(changelog: string, version: string): string | null {
  return sectionsOf(changelog).find(({ heading }) => heading.split(',', 1)[0] === version)?.body ?? null;
}
