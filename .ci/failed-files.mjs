// `node .ci/failed-files.mjs REPORT`: prints the files that failed, of a report of Jest.
import { existsSync, readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
const results = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).testResults : [];
for (const { name, status } of results) if (status === 'failed') console.log(name);
