import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('../../start/needs-node.js', import.meta.url));

/** The result with this version of Node. */
function runWith(version: string) {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, script];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stderr };
}

it.each(['20.20.2', '18.0.0', '22.19.0'])(
  'with Node %s it says which version is needed, before it loads TypeScript',
  (version) => {
    const { status, stderr } = runWith(version);
    const [major] = version.split('.');
    expect(stderr).toBe(`campaign-wf needs Node 24, this is ${major} (${process.execPath}).\n`);
    expect(status).toBe(2);
  },
);

it.each(['24.0.0', '26.1.0'])('with Node %s it says nothing', (version) => {
  expect(runWith(version)).toEqual({ status: 0, stderr: '' });
});
