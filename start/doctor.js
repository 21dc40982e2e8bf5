import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';

// `npm run doctor`, for a Node of any age: an older one cannot read TypeScript. In English only, because the settings that
// name a language are not read yet.
// Node's own warnings: what matters of them is a finding, and JSON must stand alone.
process.removeAllListeners('warning');

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
/** Whether Node will complain of the file on standard error, where JSON must stand alone. */
function isBroken(path) {
  try {
    const certificates = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    for (const certificate of certificates ?? []) new X509Certificate(certificate);
    return certificates === null;
  } catch {
    return true;
  }
}

// Node goes on without such a file, and so does this: in a process that knows its name only by another variable.
const { NODE_EXTRA_CA_CERTS: extra, ...env } = process.env;
if (extra && isBroken(extra)) {
  const args = [...process.execArgv, ...process.argv.slice(1)];
  const ended = spawnSync(process.execPath, args, { env: { ...env, DOCTOR_EXTRA_CA_CERTS: extra }, stdio: 'inherit' });
  process.exit(ended.status ?? 1);
}

try {
  await import('../src/doctor.ts');
} catch (error) {
  // Libraries that are not installed, for instance.
  end('not_installed', `campaign-wf cannot be loaded: ${error.message.split('\n')[0]}. Run npm ci.`);
}
