import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'rolldown';
import { bundleOptions } from './bundle-options.ts';

// `node start/bundle.ts FILE` makes the bundle and removes earlier ones. It gets its name when it is complete: several
// starts at once, or one that is killed, leave no incomplete bundle.

const [file] = process.argv.slice(2);
if (file === undefined) throw new TypeError('the file to write is missing');
const folder = dirname(file);
const incomplete = join(folder, `${randomUUID()}.incomplete`);
try {
  await build({ ...bundleOptions, output: { ...bundleOptions.output, file: incomplete } });
  renameSync(incomplete, file);
} finally {
  rmSync(incomplete, { force: true });
}
const earlier = readdirSync(folder).filter((name) => /^campaign-wf-\w+\.js$/.test(name) && name !== basename(file));
for (const name of earlier) rmSync(join(folder, name), { force: true });
