import { expect, it } from '@jest/globals';
import { waitingInTime } from '../src/slack/transport/health-pages.ts';

const two = { outcomes: 2, since: 0 };

it('gives what the ledger says', async () => {
  expect(await waitingInTime({ waiting: async () => two })).toEqual(two);
});

it('gives nothing where the ledger fails or does not answer in time', async () => {
  expect(await waitingInTime({ waiting: () => Promise.reject(new Error('the disk is gone')) })).toBeNull();
  expect(await waitingInTime({ waiting: () => new Promise(() => {}) }, 1)).toBeNull();
});
