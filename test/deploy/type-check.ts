import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { project, type Resource } from './rendered.ts';

/** The types are generated from the schema of Kubernetes' API: unknown keys, wrong types and missing keys are errors. */
const types = `${project}node_modules/kubernetes-types`;

/** What the compiler says of these resources; empty if they fit Kubernetes' schema. */
export function typeErrors(resources: readonly Resource[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-types-'));
  const file = join(folder, 'resources.ts');
  const lines = resources.flatMap(({ apiVersion, kind, ...rest }, index) => {
    const group = apiVersion.includes('/') ? apiVersion.replace('.k8s.io', '') : `core/${apiVersion}`;
    const value = JSON.stringify({ apiVersion, kind, ...rest });
    return [
      `import type { ${kind} as Type${index} } from ${JSON.stringify(`${types}/${group}.d.ts`)};`,
      `export const resource${index}: Type${index} = ${value};`,
    ];
  });
  writeFileSync(file, lines.join('\n'));
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', ''];
  const compiler = join(project, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [compiler, ...options, file], { encoding: 'utf8', cwd: folder });
    return '';
  } catch (error) {
    if (Error.isError(error) && 'stdout' in error && error.stdout !== '') return String(error.stdout);
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
