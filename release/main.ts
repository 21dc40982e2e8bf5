import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { changelogProblem, notesOf, releasedChangelog } from './changelog.ts';
import { nextVersion, steps } from './next-version.ts';

// `npm run release -- minor`: checks everything, sets the version, commits and tags it. It pushes nothing.
// `npm run release -- 1.2.3 --notes`: prints what the changelog says about that version.

const changelogPath = 'CHANGELOG.md';
/** Names the image of that version. */
const kustomization = 'deploy/kubernetes/base/kustomization.yaml';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { notes: { type: 'boolean' } } });
const [wanted = ''] = positionals;

try {
  if (values.notes) printNotes(wanted);
  else release(wanted);
} catch (error) {
  console.error(Error.isError(error) ? error.message : error);
  process.exitCode = 1;
}

function printNotes(version: string): void {
  const notes = notesOf(readFileSync(changelogPath, 'utf8'), version);
  if (notes === null) throw new Error(`CHANGELOG.md has no version ${version}.`);
  console.log(notes);
}

function release(step: string): void {
  const { version: current } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  if (git('status', '--porcelain') !== '')
    throw new Error('There are uncommitted changes. Commit or remove them first.');
  const version = nextVersion(current, step, isTagged(current));
  if (version === null) throw new Error(`Say ${steps.join(', ')}, or a version later than ${current}.`);
  if (isTagged(version)) throw new Error(`There is a tag v${version} already.`);
  const changelog = readFileSync(changelogPath, 'utf8');
  const problem = changelogProblem(changelog);
  if (problem !== null) throw new Error(problem);
  run('npm', 'run', 'check');

  if (version !== current) run('npm', 'version', version, '--no-git-tag-version');
  const date = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  const released = releasedChangelog(changelog, version, date);
  writeFileSync(changelogPath, released);
  const images = readFileSync(kustomization, 'utf8');
  writeFileSync(kustomization, images.replace(/^( +newTag: ).*$/m, `$1${version}`));
  git('commit', '--all', '--quiet', '--message', `chore(release): ${version}`);
  git('tag', '--annotate', `v${version}`, '--cleanup=whitespace', '--message', notesOf(released, version) ?? version);
  console.log(`v${version} is committed and tagged. Publish it: git push --follow-tags`);
}

function isTagged(version: string): boolean {
  return git('tag', '--list', `v${version}`) !== '';
}

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr.trim()}`);
  return stdout.trim();
}

function run(program: string, ...args: readonly string[]): void {
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed, so nothing is released.`);
}
