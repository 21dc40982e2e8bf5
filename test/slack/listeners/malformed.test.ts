import { beforeEach, describe, expect, it } from '@jest/globals';
import { context } from '../message-contexts.ts';
import { type Bolt, openBolt } from './bolt.fixture.ts';

let bolt: Bolt;
beforeEach(() => {
  bolt = openBolt(context);
});

const fault = expect.stringMatching(/^Something in campaign-wf itself went wrong with this.*f00dbabe/);

describe('a delivery of an unexpected shape', () => {
  it.each(['new_request', 'older_requests', 'shortcut'])('is acknowledged and answered: %s', async (name) => {
    await bolt.deliver(name, { user: { id: 'U0ALICE' }, trigger_id: '1.2' });
    expect(bolt.acknowledged).toHaveLength(1);
    expect(bolt.answers).toMatchObject([{ person: 'U0ALICE', message: { text: fault } }]);
  });

  it.each([
    { value: 'WKF' },
    { value: 'WKF', user: { id: 'U0ALICE' }, view: { private_metadata: 'none of ours' } },
    { value: 5, user: { id: 'U0ALICE' }, view: { private_metadata: '{"channel":"C0OPS","interaction":"1.2"}' } },
  ])('gets no options: %j', async (body) => {
    await bolt.deliver('options', body);
    expect(bolt.acknowledged).toEqual([{ options: [] }]);
  });
});
