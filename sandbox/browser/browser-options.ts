import type { LaunchOptions } from 'playwright-core';
import { findBrowser } from './find-browser.ts';

/** The options for the system's Chromium, without access to the network. Throws a NoBrowserError where it is not installed. */
export function browserOptions(): LaunchOptions {
  return {
    executablePath: findBrowser(),
    // As root it cannot start with its own sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  };
}
