import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

/** A resource of Kubernetes, whose type is checked elsewhere. */
export type Resource = { readonly apiVersion: string; readonly kind: string; readonly metadata: { name: string } };

export const project = fileURLToPath(new URL('../../', import.meta.url));
export const kubernetes = `${project}deploy/kubernetes/`;

export function text(path: string): string {
  return readFileSync(`${project}${path}`, 'utf8');
}

/** The resources in a folder, as they are written. */
export function written(folder: string): readonly Resource[] {
  const files = readdirSync(`${kubernetes}${folder}`).filter((name) => /(?<!kustomization)\.yaml$/.test(name));
  return files.map((name) => parse(readFileSync(`${kubernetes}${folder}/${name}`, 'utf8')) as Resource);
}

/** The resources of an overlay as kustomize merges them; null where neither kustomize nor kubectl is installed. */
export function rendered(overlay: string): readonly Resource[] | null {
  const folder = `${kubernetes}overlays/${overlay}`;
  const programs = [
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ];
  for (const [program = '', command = ''] of programs) {
    try {
      const yaml = execFileSync(program, [command, folder], { encoding: 'utf8' });
      return parseAllDocuments(yaml).map((document) => document.toJS() as Resource);
    } catch (error) {
      if (!(Error.isError(error) && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return null;
}

/** The variables of a file such as `settings.env`. */
export function variablesIn(path: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(text(path).matchAll(/^(\w+)=(.*)$/gm), ([, name = '', value = '']) => [name, value]),
  );
}
