import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changelogProblem, notesOf, releasedChangelog } from '../../release/changelog.ts';
import { nextVersion } from '../../release/next-version.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

describe('the version', () => {
  it.each([
    ['1.2.3', 'patch', true, '1.2.4'],
    ['1.2.3', 'minor', true, '1.3.0'],
    ['1.2.3', 'major', true, '2.0.0'],
    ['1.2.3', '1.10.0', true, '1.10.0'],
    ['0.1.0', '0.1.0', false, '0.1.0'],
    ['0.1.0', '0.1.0', true, null],
    ['1.10.0', '1.9.9', true, null],
    ['1.2.3', 'next', true, null],
    ['1.2.3', '', true, null],
    ['1.2.3', 'v1.3.0', true, null],
  ])('%s, %s (released: %s) becomes %s', (current, wanted, isReleased, next) => {
    expect(nextVersion(current, wanted, isReleased)).toBe(next);
  });
});

const changes = '### Upgrading\n\nStop all processes first.\n\n### Changes\n\n- A change.';
const changelog = `# Changes\n\n## Unreleased\n\n${changes}\n\n## 1.2.3, 2026-01-01\n\n- Before.\n`;

describe('the changelog', () => {
  it.each([
    [changelog, null],
    [changelog.replace('Unreleased', '1.3.0, unreleased'), null],
    [changelog.replace('## Unreleased', '## 1.3.0, 2026-02-02'), 'nothing has changed'],
    [changelog.replace('- A change.', ''), 'has no changes'],
    [changelog.replace('Stop all processes first.', ''), 'how to upgrade'],
    [changelog.replace('### Upgrading', ''), 'how to upgrade'],
    ['# Changes\n', 'nothing has changed'],
  ])('is released only with changes and how to upgrade: %#', (text, problem) => {
    const found = changelogProblem(text);
    if (problem === null) expect(found).toBe(null);
    else expect(found).toContain(problem);
  });

  it('gets the version and the day, and tells them apart', () => {
    const released = releasedChangelog(changelog, '1.3.0', '2026-02-02');
    expect(released).toBe(changelog.replace('Unreleased', '1.3.0, 2026-02-02'));
    expect(notesOf(released, '1.3.0')).toBe(changes);
    expect(notesOf(released, '1.2.3')).toBe('- Before.');
    expect(notesOf(released, '1.3')).toBe(null);
  });

  it('of this project says how to upgrade', () => {
    const own = readFileSync(`${project}CHANGELOG.md`, 'utf8');
    expect(changelogProblem(own) ?? '').not.toContain('how to upgrade');
  });
});

describe('npm run release', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'campaign-wf-release-'));
    mkdirSync(join(folder, 'deploy/kubernetes/base'), { recursive: true });
    const kustomization = 'deploy/kubernetes/base/kustomization.yaml';
    cpSync(join(project, kustomization), join(folder, kustomization));
    const checked = "node -e \"process.exit(require('fs').existsSync('broken') ? 1 : 0)\"";
    write('package.json', `{ "name": "a", "version": "1.2.3", "scripts": { "check": ${JSON.stringify(checked)} } }`);
    write('CHANGELOG.md', changelog);
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.email', 'a@example.com');
    git('config', 'user.name', 'A');
    commit('begin');
    git('tag', 'v1.2.3');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: string) => writeFileSync(join(folder, name), content);
  const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' }).stdout.trim();
  const commit = (message: string) => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  };
  const release = (...args: readonly string[]) => {
    const program = ['--disable-warning=ExperimentalWarning', join(project, 'release/main.ts'), ...args];
    const { status, stderr, stdout } = spawnSync(process.execPath, program, { cwd: folder, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };

  it('refuses uncommitted changes and failed checks, and changes nothing; then it commits and tags', () => {
    write('left-over', '');
    expect(release('minor')).toMatchObject({ status: 1, said: expect.stringContaining('uncommitted changes') });
    rmSync(join(folder, 'left-over'));
    write('broken', '');
    commit('break');
    expect(release('minor')).toMatchObject({ status: 1, said: expect.stringContaining('nothing is released') });
    expect([git('status', '--porcelain'), git('tag')]).toEqual(['', 'v1.2.3']);
    rmSync(join(folder, 'broken'));
    commit('mend');

    expect(release('minor')).toMatchObject({
      status: 0,
      said: expect.stringContaining('v1.3.0 is committed and tagged'),
    });
    expect([git('status', '--porcelain'), git('log', '-1', '--format=%s')]).toEqual(['', 'chore(release): 1.3.0']);
    expect(JSON.parse(git('show', 'v1.3.0:package.json'))).toMatchObject({ version: '1.3.0' });
    expect(git('show', 'v1.3.0:deploy/kubernetes/base/kustomization.yaml')).toContain('newTag: 1.3.0');
    expect(git('tag', '--list', '--format=%(contents)', 'v1.3.0')).toBe(changes);
    expect(release('1.3.0', '--notes')).toEqual({ status: 0, said: `${changes}\n` });
    expect(release('minor')).toMatchObject({ status: 1, said: expect.stringContaining('nothing has changed') });
  });
});
