import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type Arguments, readArguments, usage } from '../../sandbox/read-arguments.ts';

const main = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url));

describe('the arguments of the sandbox', () => {
  it.each<[string, Arguments]>([
    ['', { does: 'page', mode: 'http', port: 0, keep: null }],
    ['--mode socket --port 8300', { does: 'page', mode: 'socket', port: 8300, keep: null }],
    ['--keep a/folder', { does: 'page', mode: 'http', port: 0, keep: 'a/folder' }],
    ['--tour', { does: 'tour', mode: 'http' }],
    ['--tour --mode socket', { does: 'tour', mode: 'socket' }],
    ['--campaign-only', { does: 'campaign_only', port: 0 }],
    ['--campaign-only --port 8300', { does: 'campaign_only', port: 8300 }],
    ['--port=65535 --campaign-only', { does: 'campaign_only', port: 65_535 }],
  ])('“%s” are valid', (args, expected) => {
    expect(readArguments(args.split(' ').filter(Boolean))).toEqual(expected);
  });

  it.each([
    '--campaign-only --port 0',
    '--campaign-only --port 65536',
    '--campaign-only --port 80a',
    '--campaign-only --port 1e3',
    '--campaign-only --port=-1',
    '--campaign-only --port',
    '--campaign-only --tour',
    '--campaign-only --mode http',
    '--campaign-only WKF110',
    '--campaign-only --keep folder',
    '--tour --port 8300',
    '--tour --keep folder',
    '--keep',
    '--keep=',
    '--port 0',
    '--mode tcp',
    '--nothing',
  ])('“%s” are invalid', (args) => {
    expect(readArguments(args.split(' '))).toBeNull();
  });

  it.each([['--campaign-only', '--port', '99999'], ['--campaing-only']])(
    'a mistake (%s %s) is answered with the usage and exit code 2',
    (...args) => {
      const { status, stdout } = spawnSync(process.execPath, [
        '--disable-warning=ExperimentalWarning',
        main,
        ...args.filter(Boolean),
      ]);
      expect({ status, output: String(stdout) }).toEqual({ status: 2, output: `${usage}\n` });
    },
  );
});
