import { expect, it } from '@jest/globals';
import type { PostedRequest, RecentPosts } from '../../src/requests/ports.ts';
import { compareChannels, createLedgerAge } from '../../src/requests/recovery/ledger-age.ts';
import { createRestoredLedger } from '../../src/requests/recovery/restored-ledger.ts';
import { openScene } from './scene/scene.fixture.ts';

const none = { checkpoints: [] };

it('a ledger that is older than what the channel shows is reported, with the requests that it lacks', async () => {
  await using scene = await openScene();
  const id = await scene.submit({ verb: 'start' });
  await scene.untilIdle();
  const { firstDigest, end } = await scene.request(id);
  const digest = end?.digest ?? '';
  const shown: readonly PostedRequest[] = [
    { id, digest: firstDigest, kind: 'announcement' },
    { id, digest, kind: 'outcome' },
    { id: 'LATER001', digest: 'aa', kind: 'announcement' },
    { id: 'LATER001', digest: 'bb', kind: 'outcome' },
    { id: 'LATER002', digest: 'cc', kind: 'announcement' },
  ];
  const compare = async (read: RecentPosts) => {
    const logged: { readonly channel: string; readonly requests: readonly string[] }[] = [];
    const log = { ...scene.ports.log, error: (fields: never) => logged.push(fields) };
    const age = createLedgerAge({ log });
    const messenger = { ...scene.ports.messenger, recentPosts: async () => read };
    const restoredLedger = createRestoredLedger({ ledger: scene.ledger, log });
    await compareChannels([], age, { ...scene.ports, messenger, log, restoredLedger }, new AbortController().signal);
    return { missing: age.missing(), logged };
  };
  expect(await compare({ kind: 'read', requests: shown, ...none })).toEqual({
    missing: ['LATER001', 'LATER002'],
    logged: [{ channel: 'C0OPS', requests: ['LATER001', 'LATER002'] }],
  });
  expect(await compare({ kind: 'read', requests: shown.slice(0, 2), ...none })).toEqual({ missing: [], logged: [] });
  expect(await compare({ kind: 'read', requests: [{ id, digest, kind: 'announcement' }], ...none })).toMatchObject({
    missing: [id],
  });
  expect(await compare({ kind: 'unknowable' })).toEqual({ missing: [], logged: [] });
});

it('a request that its thread and its channel show is reported once', async () => {
  await using scene = await openScene();
  const logged: { readonly channel: string; readonly requests: readonly string[] }[] = [];
  const age = createLedgerAge({ log: { ...scene.ports.log, error: (fields: never) => logged.push(fields) } });
  age.behindOn('C0OPS', ['LATER001']);
  age.behindOn('C0OPS', ['LATER001']);
  age.behindOn('C0OPS', ['LATER001', 'LATER002']);
  expect(logged).toEqual([
    { channel: 'C0OPS', requests: ['LATER001'] },
    { channel: 'C0OPS', requests: ['LATER002'] },
  ]);
  expect(age.missing()).toEqual(['LATER001', 'LATER002']);
});
