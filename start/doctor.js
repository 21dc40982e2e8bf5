import { readFileSync, writeSync } from 'node:fs';

// `npm run doctor`, for a Node of any age: an older one cannot read TypeScript. In English only, because the settings that
// name a language are not read yet.
const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const needed = Number(/\d+/.exec(engines.node)[0]);
const version = process.versions.node;

function end(name, message) {
  const isJson = process.argv.some((arg) => arg === '--json' || arg.startsWith('--json='));
  const findings = [{ area: 'node', name, level: 'failure', message }];
  if (isJson) writeSync(1, `${JSON.stringify({ ok: false, findings })}\n`);
  else writeSync(2, `✗ node  ${message}\n`);
  process.exit(1);
}

if (Number(version.split('.')[0]) < needed) {
  end('node_old', `campaign-wf needs Node ${needed}, this is ${version} (${process.execPath}).`);
}
try {
  await import('../src/doctor.ts');
} catch (error) {
  // Libraries that are not installed, for instance.
  end('not_installed', `campaign-wf cannot be loaded: ${error.message.split('\n')[0]}. Run npm ci.`);
}
