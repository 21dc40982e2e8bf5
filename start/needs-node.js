import { readFileSync, writeSync } from 'node:fs';

// Imported before anything else, by a Node of any age: an older one cannot read TypeScript, nor say why in words. In
// English only, because the settings that name a language are not read yet.
const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const needed = Number(/\d+/.exec(engines.node)[0]);
const major = Number(process.versions.node.split('.')[0]);
if (major < needed) {
  writeSync(2, `campaign-wf needs Node ${needed}, this is ${major} (${process.execPath}).\n`);
  process.exit(2);
}
