import { expect, it } from '@jest/globals';
import { waitingInTime } from '../src/slack/transport/health-pages.ts';

const two = { count: 2, since: 0 };

it('gives what the ledger says', async () => {
  expect(await waitingInTime({ pendingOutcomes: async () => two })).toEqual(two);
});

it('gives nothing where the ledger fails or does not answer in time', async () => {
  expect(await waitingInTime({ pendingOutcomes: () => Promise.reject(new Error('the disk is gone')) })).toBeNull();
  expect(await waitingInTime({ pendingOutcomes: () => new Promise(() => {}) }, 1)).toBeNull();
});
