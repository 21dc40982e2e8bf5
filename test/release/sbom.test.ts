import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };
import lockfile from '../../package-lock.json' with { type: 'json' };

type Component = { readonly group?: string; readonly name: string; readonly version: string };
type Sbom = { readonly bomFormat: string; readonly metadata: object; readonly components: readonly Component[] };
type Locked = { readonly dev?: boolean; readonly version?: string };

it('npm run sbom lists every package of the lockfile that runs in production, and no other', () => {
  const printed = execFileSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8' });
  const { bomFormat, components, metadata } = JSON.parse(printed) as Sbom;
  expect(bomFormat).toBe('CycloneDX');
  expect(metadata).toMatchObject({ component: { name: 'campaign-wf', version: manifest.version } });
  const named = components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`);
  const expected = Object.entries<Locked>(lockfile.packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`);
  expect(named.toSorted()).toEqual([...new Set(expected)].toSorted());
  expect(named).toEqual(
    expect.arrayContaining(Object.keys(manifest.dependencies).map((name) => expect.stringContaining(`${name}@`))),
  );
});
