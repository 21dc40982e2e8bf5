import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verifySlackRequest } from '@slack/bolt';
import { signatureOf } from '../../../sandbox/slack/delivery/signature.ts';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { type ListeningBot, type ReceivedRequest, startListeningBot } from './listening-bot.ts';

let slack: PretendSlack;
let bot: ListeningBot;

beforeEach(async () => {
  [slack, bot] = await Promise.all([startPretendSlack(), startListeningBot()]);
  slack.deliverTo(bot.url);
});
afterEach(() => Promise.all([slack.close(), bot.close()]));

const STOP = { user: 'U0ALICE', channel: 'C0OPS', text: 'stop WKF110 it is @bob & co' };

function verify({ headers, body }: ReceivedRequest, signingSecret = slack.signingSecret): void {
  const timestamp = Number(headers['x-slack-request-timestamp']);
  const signature = String(headers['x-slack-signature']);
  verifySlackRequest({
    signingSecret,
    body,
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp },
  });
}

describe('signatures', () => {
  it('match the example in Slack’s documentation', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
      '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
      '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14' +
      'd10d2c447fce8b6703c';
    const secret = '8f742231b10e8888abcd99yyyzzz85a5';
    const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
    expect(signatureOf(secret, 1_531_420_618, body)).toBe(signature);
  });

  it('verify as documented', async () => {
    await slack.command(STOP);
    await slack.post({ body: 'ssl_check=1' });
    for (const received of bot.received) expect(() => verify(received)).not.toThrow();
    expect(bot.received).toHaveLength(2);
  });

  it('can be wrong or old on demand', async () => {
    await slack.post({ body: 'x', secret: 'another' });
    await slack.post({ body: 'x', timestampSeconds: 1_531_420_618 });
    const [forged, old] = bot.received;
    expect(() => forged && verify(forged)).toThrow('signature mismatch');
    expect(() => old && verify(old)).toThrow('stale');
  });
});

describe('a slash command', () => {
  it('is sent as a form, with its text escaped', async () => {
    const { triggerId, responseUrl } = await slack.command(STOP);
    expect(bot.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(bot.lastForm())).toEqual({
      token: 'pretend-verification-token',
      team_id: 'T0ACME',
      team_domain: 'acme',
      channel_id: 'C0OPS',
      channel_name: 'ops',
      user_id: 'U0ALICE',
      user_name: 'alice',
      command: '/campaign-wf',
      text: 'stop WKF110 it is <@U0BOB> &amp; co',
      api_app_id: 'A0APP',
      is_enterprise_install: 'false',
      response_url: responseUrl,
      trigger_id: triggerId,
    });
  });

  it('has its own trigger ID and response URL by default', async () => {
    const [one, two] = [await slack.command(STOP), await slack.command(STOP)];
    expect(one.triggerId).not.toBe(two.triggerId);
    expect(one.responseUrl).not.toBe(two.responseUrl);
    expect((await slack.command({ ...STOP, triggerId: 'given' })).triggerId).toBe('given');
  });

  it('hides the names of private channels and of direct messages', async () => {
    await slack.command({ ...STOP, user: 'U0BOB', channel: 'G0LEADS' });
    expect(bot.lastForm().get('channel_name')).toBe('privategroup');
    await slack.command({ ...STOP, channel: 'D0ALICE' });
    expect(bot.lastForm().get('channel_name')).toBe('directmessage');
  });

  it('can come from another workspace', async () => {
    await slack.command({ ...STOP, teamId: 'T0OTHER' });
    expect(bot.lastForm().get('team_id')).toBe('T0OTHER');
  });

  it.each([
    ['text', { body: 'Recorded.' }, 'Recorded.'],
    ['JSON', { body: '{"text":"Recorded.","response_type":"ephemeral"}', type: 'application/json' }, 'Recorded.'],
  ])('is answered privately by an acknowledgement in %s', async (_how, answer, text) => {
    bot.answers(answer);
    const { status, body } = await slack.command(STOP);
    expect([status, body]).toEqual([200, answer.body]);
    expect(slack.workspace.privateReplies).toMatchObject([{ user: 'U0ALICE', channel: 'C0OPS', text, via: 'ack' }]);
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it.each([
    ['nothing', {}, []],
    ['an error', { status: 500, body: 'boom' }, []],
    [
      'a public response',
      { body: '{"text":"x","response_type":"in_channel"}', type: 'application/json' },
      ['a command was acknowledged with a public response'],
    ],
    [
      'invalid blocks',
      { body: '{"blocks":[{"type":"image"}]}', type: 'application/json' },
      ['acknowledged with invalid_blocks: unsupported type: "image" [json-pointer:/blocks/0/type]'],
    ],
  ])('does not show an acknowledgement with %s', async (_what, answer, mistakes) => {
    bot.answers(answer);
    await slack.command(STOP);
    expect(slack.workspace.privateReplies).toEqual([]);
    expect(slack.workspace.messages).toEqual([]);
    expect(slack.workspace.mistakes).toEqual(mistakes);
  });

  it('needs an existing person and channel', async () => {
    await expect(slack.command({ ...STOP, user: 'U0NOBODY' })).rejects.toThrow('There is no person U0NOBODY');
    await expect(slack.command({ ...STOP, channel: 'C0NOWHERE' })).rejects.toThrow('There is no channel C0NOWHERE');
  });

  it('is not delivered to a missing or unknown bot', async () => {
    await bot.close();
    await expect(slack.command(STOP)).rejects.toThrow(/did not answer: connect ECONNREFUSED/);
    const withoutBot = await startPretendSlack();
    await expect(withoutBot.command(STOP)).rejects.toThrow('call deliverTo(url) first');
    await withoutBot.close();
  });
});

it('delivers the same bytes again, including signature and timestamp', async () => {
  const first = await slack.command(STOP);
  const second = await slack.redeliver(first);
  await slack.redeliver(second);
  const [one, two, three] = bot.received.map(({ headers, body }) => [
    body,
    headers['x-slack-signature'],
    headers['x-slack-request-timestamp'],
  ]);
  expect(two).toEqual(one);
  expect(three).toEqual(one);
  expect(second).toMatchObject({ triggerId: first.triggerId, responseUrl: first.responseUrl, status: 200 });
});
