import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts';
import type { ConfigMap, Service } from 'kubernetes-types/core/v1.d.ts';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.d.ts';
import manifest from '../../package.json' with { type: 'json' };
import { translatorFor } from '../../src/locales/translator.ts';
import { readSettings } from '../../src/settings/read-settings.ts';
import { fileNameOf, secretNames } from '../../src/settings/secret-names.ts';
import { kubernetes, type Resource, rendered, written } from './rendered.ts';
import { secretValuesOf } from './secret-values.ts';
import { typeErrors } from './type-check.ts';

const overlays = ['sqlite', 'postgresql', 'postgresql-http'];
const base = written('base');

it('every resource, as it is written, fits Kubernetes’ schema', () => {
  const all = [...base, ...overlays.flatMap((overlay) => written(`overlays/${overlay}`))];
  expect(all.length).toBeGreaterThan(6);
  expect(typeErrors(all)).toBe('');
});

it('a misspelled key, a wrong type and a missing key would be noticed', () => {
  const deployment = base.find(({ kind }) => kind === 'Deployment');
  const wrong = {
    ...deployment,
    spec: { replicas: 'two', template: { spec: { containers: [{ redinessProbe: {} }] } } },
  };
  const errors = typeErrors([wrong as unknown as Resource]);
  expect(errors).toMatch(/redinessProbe/);
  expect(errors).toMatch(/'string' is not assignable to type 'number'/);
  const { selector: _, ...without } = (deployment as unknown as { spec: { selector: object } }).spec;
  expect(typeErrors([{ ...deployment, spec: without } as unknown as Resource])).toMatch(/'selector' is missing/);
});

describe.each(overlays)('the overlay %s', (overlay) => {
  it('is merged into resources that fit the schema, each other and the bot', () => {
    const resources = rendered(overlay);
    // Nothing installs kustomize with npm. Where it is missing, only what is written was checked.
    if (resources === null) return expect(existsSync(`${kubernetes}overlays/${overlay}/kustomization.yaml`)).toBe(true);
    expect(typeErrors(resources)).toBe('');
    const deployment = resources.find(({ kind }) => kind === 'Deployment') as Resource & Deployment;
    expectOnePod(resources, deployment);
    expectVolumes(resources, deployment);
    const settings = { slack: { mode: { kind: overlay.endsWith('http') ? 'http' : 'socket' } } };
    expect(read(resources, deployment)).toMatchObject({ ok: true, warnings: [], settings });
    expectPorts(resources, deployment);
  });
});

/** Services, policies and budgets select the pods of the deployment. */
function expectOnePod(resources: readonly Resource[], { spec }: Deployment): void {
  const selectors = resources.map((one) => selectorOf(one)).filter((selector) => selector !== undefined);
  expect(selectors.length).toBeGreaterThan(2);
  for (const selector of selectors) expect(spec?.template.metadata?.labels).toMatchObject(selector);
  const [container] = spec?.template.spec?.containers ?? [];
  expect(container?.image).toMatch(new RegExp(`:${manifest.version.replaceAll('.', '\\.')}$`));
}

/** Each port that a service or a policy names is one of the container. */
function expectPorts(resources: readonly Resource[], { spec }: Deployment): void {
  const [container] = spec?.template.spec?.containers ?? [];
  const names = container?.ports?.map(({ name }) => name) ?? [];
  const services = resources.filter(({ kind }) => kind === 'Service') as (Resource & Service)[];
  const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy') as (Resource & NetworkPolicy)[];
  const used = [
    ...services.flatMap((one) => one.spec?.ports?.map(({ targetPort }) => targetPort) ?? []),
    ...policies.flatMap((one) => one.spec?.ingress?.flatMap(({ ports = [] }) => ports.map(({ port }) => port)) ?? []),
  ];
  expect([...new Set(used)].toSorted()).toEqual(names.toSorted());
}

/** Each volume exists and is mounted, as a folder. */
function expectVolumes(resources: readonly Resource[], { spec }: Deployment): void {
  const names = new Set(resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const { volumes = [], containers = [] } = spec?.template.spec ?? {};
  for (const { configMap, persistentVolumeClaim: claim } of volumes) {
    if (configMap) expect(names).toContain(`ConfigMap ${configMap.name}`);
    if (claim) expect(names).toContain(`PersistentVolumeClaim ${claim.claimName}`);
  }
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  expect(mounts.map(({ name }) => name).toSorted()).toEqual(volumes.map(({ name }) => name).toSorted());
  expect(mounts.some((mount) => 'subPath' in mount)).toBe(false);
}

function selectorOf(resource: Resource): object | undefined {
  const { spec } = resource as { spec?: { selector?: object; podSelector?: object } };
  const found = resource.kind === 'NetworkPolicy' ? spec?.podSelector : spec?.selector;
  return found !== undefined && 'matchLabels' in found ? (found.matchLabels as object) : found;
}

/** The settings as the bot reads them there, with values for the secrets. */
function read(resources: readonly Resource[], { spec }: Deployment) {
  const maps = resources.filter(({ kind }) => kind === 'ConfigMap') as (Resource & ConfigMap)[];
  const dataOf = (name: string | undefined) => maps.find(({ metadata }) => metadata.name === name)?.data ?? {};
  const [container] = spec?.template.spec?.containers ?? [];
  const pairs = (container?.env ?? []).map(({ name, value = '' }) => [name, value] as const);
  const settings = (container?.envFrom ?? []).map(({ configMapRef }) => dataOf(configMapRef?.name));
  const mounted = container?.volumeMounts?.find(({ name }) => name === 'secrets')?.mountPath;
  for (const [name, value] of pairs.filter(([one]) => secretNames.map(fileNameOf).includes(one)))
    expect(value).toBe(`${mounted}/${name.replace('_FILE', '')}`);
  const rules = dataOf('campaign-wf-rules')['campaign-wf.yml'] ?? '';
  const env = secretValuesOf(Object.assign({}, ...settings, Object.fromEntries(pairs)));
  return readSettings(env, translatorFor('en'), { path: env.CAMPAIGN_WF_CONFIG ?? '', text: rules });
}
