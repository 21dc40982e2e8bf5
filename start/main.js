import './needs-node.js';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';

// `npm start` runs the bot as one file, which loads in a quarter of the processor time of its sources and libraries, and
// needs two thirds of the memory. The file's name has the digest of the sources, so it is never older than they are.
// What an older Node lacks is not imported by name: that would fail before `needs-node.js` can say which Node is needed.

const project = join(import.meta.dirname, '..');
const dist = join(project, 'dist');

function digestOfSources() {
  const hash = createHash('sha256');
  const sources = fs.globSync('src/**/*.{ts,json}', { cwd: project }).sort();
  for (const path of [...sources, 'package.json', 'package-lock.json', 'start/bundle-options.ts']) {
    hash
      .update(`${path}\0`)
      .update(fs.readFileSync(join(project, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** The path of the bundle; null if it cannot be made here. */
function bundle() {
  const file = join(dist, `campaign-wf-${digestOfSources()}.js`);
  if (fs.existsSync(file)) return file;
  const program = join(import.meta.dirname, 'bundle.ts');
  const { status, stderr } = spawnSync(process.execPath, [program, file], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return file;
  const [reason] = /^\w*Error.*$/m.exec(stderr) ?? [stderr.trim()];
  fs.writeSync(2, `campaign-wf starts from its sources, because they could not be bundled in ${dist}: ${reason}\n`);
  return null;
}

const bundled = bundle();
if (bundled === null) await import('../src/main.ts');
else {
  module.enableCompileCache(join(dist, 'compile-cache'));
  await import(bundled);
}
// What is compiled by now is what the next start needs.
module.flushCompileCache();
