/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/environment/ordinary-global.ts',
  injectGlobals: false,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/postgres/global-setup.ts',
  globalTeardown: '<rootDir>/test/postgres/global-teardown.ts',
  maxWorkers: '100%',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', importAttributes: true },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'nodenext' },
      },
    ],
  },
};
