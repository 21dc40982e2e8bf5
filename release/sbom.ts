import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// `npm run --silent sbom`: what runs in production, as CycloneDX on standard output, out of the lockfile alone.
// `npm sbom --omit dev` leaves out each package that a development package needs as well, such as pg and zod. So it gets
// a project that has no development packages.

type Entry = Readonly<Record<string, unknown>>;
type Lockfile = Entry & { readonly packages: Readonly<Record<string, Entry>> };

const read = <T>(file: string): T => JSON.parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8'));

const temporary = mkdtempSync(join(tmpdir(), 'campaign-wf-sbom-'));
// npm names the project after its folder.
const folder = join(temporary, 'campaign-wf');
try {
  mkdirSync(folder);
  const lockfile = read<Lockfile>('package-lock.json');
  const entries = Object.entries(lockfile.packages).filter(([, { dev }]) => !dev);
  const packages = Object.fromEntries(entries.map(([path, entry]) => [path, withoutDevelopment(entry)]));
  write('package.json', withoutDevelopment(read('package.json')));
  write('package-lock.json', { ...lockfile, packages });
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  process.exitCode = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(temporary, { recursive: true });
}

function withoutDevelopment({ devDependencies: _, ...others }: Entry): Entry {
  return others;
}

function write(file: string, content: object): void {
  writeFileSync(join(folder, file), JSON.stringify(content));
}
