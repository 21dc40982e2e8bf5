import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { clientOf, refusalOf } from './quiet-client.ts';

let slack: PretendSlack;
beforeEach(async () => {
  slack = await startPretendSlack();
});
afterEach(() => slack.close());

const divider = { type: 'divider' } as const;
const button = { type: 'button', action_id: 'go', value: '1', text: { type: 'plain_text', text: 'Go' } } as const;

const publish = (view: object, rest: object = {}) =>
  clientOf(slack).views.publish({
    user_id: 'U0BOB',
    view: { type: 'home', blocks: [divider], ...view } as never,
    ...rest,
  });

describe('views.publish', () => {
  it('shows a home to one person, each time with another hash and the same ID', async () => {
    const first = await publish({});
    const second = await publish({ blocks: [] });
    expect(first.view).toMatchObject({ type: 'home', blocks: [{ type: 'divider' }] });
    expect(second.view?.id).toBe(first.view?.id);
    expect(second.view?.hash).not.toBe(first.view?.hash);
    expect(slack.workspace.homes).toMatchObject([{ user: 'U0BOB', view: { blocks: [] } }]);
  });

  it('takes 100 blocks, and no more', async () => {
    const blocks = (count: number) => ({ blocks: Array.from({ length: count }, () => divider) });
    expect((await publish(blocks(100))).ok).toBe(true);
    expect(await refusalOf(publish(blocks(101)))).toMatchObject({ error: 'invalid_arguments' });
  });

  it.each([
    ['another type', { type: 'modal' }],
    ['a title', { title: { type: 'plain_text', text: 'Home' } }],
    ['an unknown block', { blocks: [{ type: 'nonsense' }] }],
    ['an empty button', { blocks: [{ type: 'actions', elements: [] }] }],
    ['two blocks of one name', { blocks: [divider, divider].map((one) => ({ ...one, block_id: 'same' })) }],
    ['too much private metadata', { private_metadata: 'x'.repeat(3_001) }],
  ])('refuses %s', async (_what, view) => {
    expect(await refusalOf(publish(view))).toMatchObject({ error: 'invalid_arguments' });
  });

  it('refuses more than 250 KB', async () => {
    const section = { type: 'section', text: { type: 'plain_text', text: 'x'.repeat(3_000) } };
    expect(await refusalOf(publish({ blocks: Array.from({ length: 90 }, () => section) }))).toMatchObject({
      error: 'view_too_large',
    });
  });

  it('refuses a stale hash, an unknown person, and an app without a Home tab', async () => {
    const { view } = await publish({});
    await publish({}, { hash: view?.hash });
    expect(await refusalOf(publish({}, { hash: view?.hash }))).toMatchObject({ error: 'hash_conflict' });
    expect(await refusalOf(publish({}, { user_id: 'U0NOBODY' }))).toMatchObject({ error: 'invalid_arguments' });
    slack.showHomeTab(false);
    expect(await refusalOf(publish({}))).toMatchObject({ error: 'not_enabled' });
    await expect(slack.openHome({ user: 'U0BOB' })).rejects.toThrow('no Home tab');
  });
});

it('has no button for whoever has none', async () => {
  await publish({ blocks: [{ type: 'actions', elements: [button] }] });
  await expect(slack.pressAtHome({ user: 'U0ALICE', actionId: 'go' })).rejects.toThrow('has no button go');
  await expect(slack.pressAtHome({ user: 'U0BOB', actionId: 'stop' })).rejects.toThrow('has no button stop');
});
