// `node .ci/count.mjs 'PART…' REPORT…`: prints the counts of Jest's reports and of the failed parts, of which each that is no
// test run counts as one. A file that was run again counts as it ended.
import { existsSync, readFileSync } from 'node:fs';

const [parts, ...paths] = process.argv.slice(2);
const broken = parts.split(' ').filter((part) => part !== '');
const others = broken.filter((part) => part !== 'tests' && part !== 'browser').length;
const files = new Map();
let missing = 0;
for (const path of paths) {
  if (!existsSync(path)) missing++;
  else for (const file of JSON.parse(readFileSync(path, 'utf8')).testResults) files.set(file.name, file);
}
const count = (status) =>
  [...files.values()].flatMap(({ assertionResults }) => assertionResults).filter((test) => test.status === status)
    .length;
/** Of files that could not be loaded, no test has a status. */
const unloaded = [...files.values()].filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
).length;
const failed = count('failed') + unloaded + missing + others;
console.log(`${count('passed')} passed, ${Math.max(failed, Math.min(broken.length, 1))} failed`);
