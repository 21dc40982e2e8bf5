import base from './jest.config.js';

/** The tests that need a browser: `npm run test:browser`. One after the other, as they share the browser and the machine. */
/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
  globalSetup: '<rootDir>/test/browser/setup/start-browser.ts',
  globalTeardown: '<rootDir>/test/browser/setup/end-browser.ts',
  maxWorkers: 1,
};
