import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { isSecretName } from '../../src/settings/secret-names.ts';
import { project, text } from './rendered.ts';

const path = 'deploy/systemd/campaign-wf.service';
const unit = text(path);
const valuesOf = (key: string) =>
  Array.from(unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm')), ([, value = '']) => value);

it('every credential is a secret that the bot reads from its file', () => {
  const names = valuesOf('LoadCredential').map((value) => value.split(':', 1)[0] ?? '');
  expect(names.every(isSecretName)).toBe(true);
  const given = valuesOf('Environment').filter((value) => /^\w+_FILE=/.test(value));
  expect(given.toSorted()).toEqual(names.map((name) => `${name}_FILE=%d/${name}`).toSorted());
});

it('it starts the program as npm start and the image do, and is not started again with wrong settings', () => {
  const { scripts } = JSON.parse(text('package.json'));
  expect(`exec ${valuesOf('ExecStart')[0]?.replace('/usr/bin/', '')}`).toBe(scripts.start);
  const [, command = ''] = /^CMD (.*)$/m.exec(text('Dockerfile')) ?? [];
  expect(`exec ${JSON.parse(command).join(' ')}`).toBe(scripts.start);
  expect(existsSync(`${project}${scripts.start.split(' ').at(-1)}`)).toBe(true);
  expect(valuesOf('RestartPreventExitStatus')).toEqual(['2']);
});

it('systemd, where it is installed, finds no mistake and rates the exposure at 2.0 or less', () => {
  const analyze = (...args: readonly string[]) =>
    execFileSync('systemd-analyze', [...args, `${project}${path}`], { encoding: 'utf8', stdio: 'pipe' });
  try {
    analyze('--version');
  } catch {
    return;
  }
  const [, exposure] =
    /exposure level for campaign-wf\.service: ([\d.]+)/.exec(analyze('security', '--offline=true')) ?? [];
  expect(Number(exposure)).toBeLessThanOrEqual(2);
});
