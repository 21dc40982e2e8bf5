/** @type {import('jest').Config} */
export default {
  testRunner: '<rootDir>/test/runner/run-natively.ts',
  injectGlobals: false,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/postgres/global-setup.ts',
  globalTeardown: '<rootDir>/test/postgres/global-teardown.ts',
  maxWorkers: '100%',
  transform: {},
};
