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
  // After the tests of a whole run a worker has no open handle, but on a busy machine it takes longer to end than half a second.
  workerGracefulExitTimeout: 10_000,
  transform: {},
};
