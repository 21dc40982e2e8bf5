import { expect, it } from '@jest/globals';
import type { ChannelStatus } from '../../src/requests/ports.ts';
import { followChannel, retryInNewChannel } from '../../src/requests/recovery/moved-channel.ts';
import { openScene } from './scene/scene.fixture.ts';

const same: ChannelStatus = { kind: 'same' };
const unknown: ChannelStatus = { kind: 'unknown', retryAfterMs: 0 };
const moved = (to: string): ChannelStatus => ({ kind: 'moved', to });

it.each<[string, Record<string, ChannelStatus>, ChannelStatus]>([
  ['the newest one', { C0OPS: moved('C0LATER'), C0LATER: same }, moved('C0LATER')],
  ['one after the other', { C0OPS: moved('G0OPS'), G0OPS: moved('C0LATER'), C0LATER: same }, moved('C0LATER')],
  ['one, and then none', { C0OPS: moved('G0OPS'), G0OPS: unknown }, unknown],
  ['one, and then the first again', { C0OPS: moved('G0OPS'), G0OPS: moved('C0OPS') }, same],
])('where Slack names new IDs of a channel, %s, the request has the last of them or none', async (_, ids, expected) => {
  await using scene = await openScene();
  const request = await scene.request(await scene.submit());
  const { ledger, ports } = scene;
  const directory = { ...ports.directory, channelStatus: async (id: string) => ids[id] ?? unknown };
  expect(await followChannel(request, { ledger, directory })).toEqual(expected);
  const channel = expected.kind === 'moved' ? expected.to : 'C0OPS';
  expect(await scene.request(request.id)).toMatchObject({ channel });
});

it.each<[string, ChannelStatus, number | null]>([
  ['at once where it has another ID', moved('C0LATER'), 0],
  ['when Slack asks for it', { kind: 'unknown', retryAfterMs: 90_000 }, 90_000],
  ['after a pause of its own where Slack asks for less', { kind: 'unknown', retryAfterMs: 100 }, 4_000],
  ['never where no retry helps', { kind: 'unknown', retryAfterMs: null }, null],
  ['never where the channel is the same', same, null],
])('what Slack does not do in a channel is tried again %s', async (_, status, afterMs) => {
  await using scene = await openScene();
  const request = await scene.request(await scene.submit());
  const directory = { ...scene.ports.directory, channelStatus: async (id: string) => (id === 'C0OPS' ? status : same) };
  const later = await retryInNewChannel(request, 2, { ...scene.ports, directory, random: () => 1 });
  expect(later).toEqual(afterMs === null ? null : { notBefore: scene.ports.now() + afterMs });
});
