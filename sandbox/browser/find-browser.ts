import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

const macOs = ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

const places = [...macOs, '/snap/bin/chromium', '/opt/google/chrome/chrome'];

export type BrowserSearch = {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly isProgram?: (path: string) => boolean;
};

/** No browser was found. The message says what to do. */
export class NoBrowserError extends Error {
  override name = 'NoBrowserError';
}

/** The path of Chromium or Chrome: from `CHROMIUM_PATH`, `PATH`, or the usual places. Throws a NoBrowserError where there is none. */
export function findBrowser({ env = process.env, isProgram = mayBeRun }: BrowserSearch = {}): string {
  const { CHROMIUM_PATH: given = '', PATH: path = '' } = env;
  if (given !== '') {
    if (isProgram(given)) return given;
    throw new NoBrowserError(`CHROMIUM_PATH names ${given}, and there is no program: let it name Chromium or Chrome.`);
  }
  const inPath = names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  const found = [...inPath, ...places].find(isProgram);
  if (found !== undefined) return found;
  throw new NoBrowserError('No browser was found: install Chromium or Chrome, or let CHROMIUM_PATH name one.');
}

function mayBeRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
