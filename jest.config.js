/** @type {import('jest').Config} */
export default {
  testRunner: '<rootDir>/test/environment/native-runner.ts',
  testEnvironment: '<rootDir>/test/environment/native-environment.ts',
  injectGlobals: false,
  transform: {},
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/postgres/global-setup.ts',
  globalTeardown: '<rootDir>/test/postgres/global-teardown.ts',
  maxWorkers: '100%',
};
