import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './programs.ts';

/** What Node, npm and the commands of the Dockerfile need. */
const packages = [
  ...['base-files', 'dash', 'coreutils', 'libc6', 'libgcc-s1', 'libstdc++6'],
  ...['libacl1', 'libattr1', 'libgmp10', 'libselinux1', 'libpcre2-8-0'],
];

/**
 * Makes a base image out of Debian's packages, this Node and this npm, where no registry of images is reachable.
 * @returns its name
 */
export async function debianBase(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-wf-base-'));
  try {
    const root = join(folder, 'root');
    await unpack(folder, root);
    await addNode(root);
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    await writeFile(join(root, 'etc/group'), 'root:x:0:\n');
    return await commit(root);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function unpack(folder: string, root: string): Promise<void> {
  const download = () => run('apt-get', ['download', '-q', ...packages], folder);
  await download().catch(async () => {
    await run('apt-get', ['update', '-q']);
    await download();
  });
  for (const name of await readdir(folder)) await run('dpkg-deb', ['-x', join(folder, name), root]);
  if (!existsSync(join(root, 'bin/sh'))) await symlink('dash', join(root, 'bin/sh'));
}

/** npm tells the programs that it runs where it is. */
async function addNode(root: string): Promise<void> {
  const { npm_execpath: npm } = process.env;
  if (npm === undefined) throw new Error('start it with npm run test:image');
  const local = join(root, 'usr/local');
  await mkdir(join(local, 'bin'), { recursive: true });
  await cp(process.execPath, join(local, 'bin/node'));
  await cp(dirname(dirname(npm)), join(local, 'lib/node_modules/npm'), { recursive: true, dereference: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
}

async function commit(root: string): Promise<string> {
  const container = await run('buildah', ['from', 'scratch']);
  // A certificate authority of the network's proxy is needed for npm.
  const { NODE_EXTRA_CA_CERTS: authorities } = process.env;
  if (authorities !== undefined) await cp(authorities, join(root, 'etc/ca.pem'));
  const variables = [
    'PATH=/usr/local/bin:/usr/bin:/bin',
    ...(authorities === undefined ? [] : ['NODE_EXTRA_CA_CERTS=/etc/ca.pem']),
  ];
  await run('buildah', ['copy', container, root, '/']);
  await run('buildah', ['config', ...variables.flatMap((variable) => ['--env', variable]), container]);
  await run('buildah', ['commit', '--rm', container, 'localhost/campaign-wf-base']);
  return 'localhost/campaign-wf-base';
}
