import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { findBrowser } from '../../../sandbox/browser/find-browser.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const finding = (env: Record<string, string>, ...programs: readonly string[]) => {
  return findBrowser({ env, isProgram: (path) => programs.includes(path) });
};

describe('the browser', () => {
  it.each([
    ['in PATH', '/usr/bin/chromium'],
    ['in PATH, by another name', '/usr/local/bin/google-chrome'],
    ['on macOS', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ['as a snap', '/snap/bin/chromium'],
  ])('is found %s', (_, place) => {
    expect(finding({ PATH: '/usr/local/bin:/usr/bin' }, place)).toBe(place);
  });

  it('is the one of CHROMIUM_PATH, whatever else is installed', () => {
    const env = { PATH: '/usr/bin', CHROMIUM_PATH: '/elsewhere/chrome' };
    expect(finding(env, '/usr/bin/chromium', '/elsewhere/chrome')).toBe('/elsewhere/chrome');
    expect(() => finding(env, '/usr/bin/chromium')).toThrow('CHROMIUM_PATH names /elsewhere/chrome');
  });

  it('is requested where there is none', () => {
    expect(() => finding({ PATH: '/usr/bin' })).toThrow('install Chromium or Chrome, or let CHROMIUM_PATH name one');
  });

  it('is no folder', () => {
    expect(() => findBrowser({ env: { CHROMIUM_PATH: root } })).toThrow('CHROMIUM_PATH');
  });

  it.each([
    ['test:browser', 'node_modules/jest/bin/jest.js --config jest.browser.config.js'],
    ['docs:pictures', 'sandbox/pictures/take-pictures.ts'],
  ])('is requested in one sentence by %s', (_, program) => {
    const args = ['--disable-warning=ExperimentalWarning', ...program.split(' ')];
    const env = { PATH: process.env.PATH, CHROMIUM_PATH: '/nowhere/chromium' };
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'CHROMIUM_PATH names /nowhere/chromium, and there is no program: let it name Chromium or Chrome.\n',
    });
  });
});
