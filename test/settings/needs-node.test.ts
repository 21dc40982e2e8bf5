import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('../../start/needs-node.js', import.meta.url));

/** What it says where the version of Node is this. */
function saysAt(version: string) {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, script];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stderr };
}

it.each(['20.20.2', '18.0.0', '22.19.0'])(
  'Node %s is told which one is needed, before it meets TypeScript',
  (version) => {
    const { status, stderr } = saysAt(version);
    const [major] = version.split('.');
    expect(stderr).toBe(`campaign-wf needs Node 24, this is ${major} (${process.execPath}).\n`);
    expect(status).toBe(2);
  },
);

it.each(['24.0.0', '26.1.0'])('Node %s is told nothing', (version) => {
  expect(saysAt(version)).toEqual({ status: 0, stderr: '' });
});
