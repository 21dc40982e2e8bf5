import { expect, it } from '@jest/globals';
import { looksLikeProduction } from '../../src/settings/settings.ts';

it.each([
  'stage',
  'staging',
  'dev2',
  'acme-mkt-stage1',
  'acme_test',
  '2qa',
  'uat-eu',
  'my-sandbox-3',
  'acme-int',
  'preprod',
  'TEST',
])('%s is not production', (name) => {
  expect(looksLikeProduction(name)).toBe(false);
});

it.each([
  'prod',
  'acme',
  'live',
  'international',
  'acme-internal',
  'backstage',
  'devices',
  'latest',
  'contest-2',
  'qatar',
  'print',
])('%s is treated as production: the reverse would be dangerous', (name) => {
  expect(looksLikeProduction(name)).toBe(true);
});
