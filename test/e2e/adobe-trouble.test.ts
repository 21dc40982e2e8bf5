import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../sandbox/campaign/faults.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, type Conversation, conversation } from './people.ts';

describe('after a 401 of any shape', () => {
  let sandbox: Sandbox;
  let talk: Conversation;
  beforeAll(async () => {
    sandbox = await startSandbox({ mode: 'http' });
    talk = conversation(sandbox);
  });
  afterAll(() => sandbox.close());

  it.each<[Fault, string, string]>([
    ['number_401013', 'WKF420', 'accepted'],
    ['invalid_token_401', 'WKF421', 'rejected'],
    ['html_401', 'WKF422', 'rejected'],
    ['cut_401', 'WKF423', 'unknown'],
  ])('the next command has a new token, without a restart: %s', async (fault, workflowId, state) => {
    const { type, announced, sent } = talk;
    const next = `${workflowId}-NEXT`;
    for (const id of [workflowId, next]) sandbox.campaign.addWorkflow(id);
    sandbox.campaign.fail(fault, { method: 'POST', workflowId });
    await type(alice, `pause ${workflowId}`);
    await announced(workflowId, state);
    await type(alice, `pause ${next}`);
    await announced(next, 'accepted');
    const [refused, accepted] = [workflowId, next].map((id) => sandbox.campaign.posts(id)[0]?.headers.authorization);
    expect(refused).toMatch(/^Bearer ./);
    expect(accepted).not.toBe(refused);
    expect(sent(workflowId)).toHaveLength(state === 'accepted' ? 2 : 1);
  });
});
