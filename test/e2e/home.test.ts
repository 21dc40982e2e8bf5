import { describe, expect, it } from '@jest/globals';
import type { ShownHome } from '../../sandbox/slack/workspace.ts';
import { alice, bob, buttons, type Conversation, carol, dave, inSandbox, ops, requestId, shownText } from './people.ts';

const homeOf = ({ slack }: Conversation, user: string) =>
  slack.workspace.homes.find((home) => home.user === user) ?? null;

const textOf = (home: ShownHome) => shownText(home.view);
const buttonsAt = (home: ShownHome) => buttons(home.view);

/** The home, once it shows this text, or no longer does. */
function homeThat(talk: Conversation, user: string, shows: string, does = true): Promise<ShownHome> {
  return talk.slack.waitFor(() => {
    const home = homeOf(talk, user);
    return home !== null && textOf(home).includes(shows) === does && home;
  });
}

const published = ({ slack }: Conversation) => slack.calls.filter(({ method }) => method === 'views.publish').length;

async function question(talk: Conversation, workflow: string) {
  talk.sandbox.campaign.addWorkflow(workflow);
  await talk.type(alice, `stop ${workflow} wrong audience`);
  const announcement = await talk.announced(workflow, 'awaiting_approval');
  await talk.recorded(workflow);
  return announcement;
}

describe.each(['http', 'socket'] as const)('the App Home over %s', (mode) => {
  it('shows what waits, takes a decision like one in the channel, and shows the new state', () =>
    inSandbox({ mode }, async (talk) => {
      const { slack, announced, outcome, sent } = talk;
      const id = requestId(await question(talk, 'WKF110'));
      await slack.openHome({ user: bob });
      const home = await homeThat(talk, bob, 'WKF110');
      expect(textOf(home)).toContain('1 request waits for your decision');
      expect(buttonsAt(home).filter(({ value }) => value === id)).toMatchObject([
        { action_id: 'approve_request', accessibility_label: 'Stop workflow: WKF110 (acme)' },
        { action_id: 'cancel_request', accessibility_label: 'Keep running: WKF110 (acme)' },
      ]);
      const pressed = { user: bob, actionId: 'approve_request', value: id };
      await Promise.all([slack.pressAtHome(pressed), slack.pressAtHome(pressed)]);
      await homeThat(talk, bob, 'Recorded your decision');
      const announcement = await announced('WKF110', 'accepted');
      expect(shownText(await outcome(announcement))).toContain(`<@${bob}>`);
      expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
      // It is brought up to date by itself.
      const after = await homeThat(talk, bob, 'Last outcomes');
      expect(buttonsAt(after).filter(({ value }) => value === id)).toEqual([]);
      expect(slack.workspace.mistakes).toEqual([]);
    }));

  it('is brought up to date for whoever has opened it, when somebody asks for something in a channel', () =>
    inSandbox({ mode }, async (talk) => {
      await talk.slack.openHome({ user: bob });
      await homeThat(talk, bob, 'Nothing waits');
      await question(talk, 'WKF110');
      await homeThat(talk, bob, '1 request waits for your decision');
      await talk.type(alice, 'freeze acme 2h wrong list');
      await homeThat(talk, bob, 'wrong list');
      await talk.type(alice, 'watch WKF110');
      const watched = await homeThat(talk, bob, 'Watched in');
      expect(textOf(watched)).toMatch(/WKF110 \(acme\).* every 5 minutes.*asked for by/);
      expect(homeOf(talk, carol)).toBeNull();
    }));

  it('opens the form for a channel, for its members only', () =>
    inSandbox({ mode }, async (talk) => {
      const { slack, sandbox, announced, outcome } = talk;
      sandbox.campaign.addWorkflow('WKF700');
      await slack.openHome({ user: alice });
      const home = await homeThat(talk, alice, 'Nothing waits');
      const newRequest = { user: alice, actionId: 'new_request' };
      expect(buttonsAt(home)).toMatchObject([
        { action_id: 'new_request', value: ops, accessibility_label: 'New request: #ops' },
      ]);
      await slack.pressAtHome(newRequest);
      const form = await slack.waitFor(({ views }) => views.find(({ user }) => user === alice));
      await slack.suggest({ user: alice, viewId: form.id, actionId: 'workflow', query: 'WKF700' });
      const values = { workflow: { workflow: 'id WKF700' }, command: { command: 'pause' } };
      await slack.fill({ user: alice, viewId: form.id, values });
      await slack.waitFor(() => JSON.stringify(form.view.blocks).includes('No confirmation needed.'));
      await slack.submit({ user: alice, viewId: form.id });
      const announcement = await announced('WKF700', 'accepted');
      expect(announcement.channel).toBe(ops);
      await outcome(announcement);
      // A changed client names a channel of which she is not a member.
      await slack.pressAtHome({ ...newRequest, forged: 'G0LEADS' });
      await slack.waitFor(({ messages }) => messages.some(({ text }) => text.includes('You are not in the channel')));
      expect(slack.workspace.views.filter(({ user }) => user === alice)).toEqual([]);
    }));
});

it('shows and takes nothing of a channel that the person has left', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { slack, sandbox, sent } = talk;
    const id = requestId(await question(talk, 'WKF110'));
    await slack.openHome({ user: bob });
    expect(buttonsAt(await homeThat(talk, bob, 'WKF110')).map(({ value }) => value)).toContain(id);
    const channel = slack.workspace.channels.find((one) => one.id === ops);
    if (channel) channel.members = channel.members.filter((one) => one !== bob);
    // A new process knows nothing of the members of before.
    await sandbox.restart('SIGKILL');
    await slack.pressAtHome({ user: bob, actionId: 'approve_request', value: id });
    const home = await homeThat(talk, bob, `There is no request ${id} in a channel that you are in.`);
    expect(textOf(home)).not.toContain('WKF110');
    expect(buttonsAt(home)).toEqual([]);
    await slack.openHome({ user: dave });
    expect(textOf(await homeThat(talk, dave, 'Nothing waits'))).not.toContain('WKF110');
    expect(sent('WKF110')).toEqual([]);
  }));

it('asks for the reason of a no, like the announcement', () =>
  inSandbox({ mode: 'socket' }, async (talk) => {
    const { slack } = talk;
    await question(talk, 'WKF110');
    await slack.openHome({ user: bob });
    await homeThat(talk, bob, 'WKF110');
    await slack.pressAtHome({ user: bob, actionId: 'cancel_request' });
    const dialog = await slack.waitFor(({ views }) => views.find(({ user }) => user === bob));
    await slack.submit({ user: bob, viewId: dialog.id, values: { reason: { reason: 'the audience is right' } } });
    const outcome = await talk.outcome(await talk.announced('WKF110', 'cancelled'));
    await slack.waitFor(({ messages }) =>
      messages.some(({ threadTs, text }) => threadTs === outcome.threadTs && text.includes('the audience is right')),
    );
  }));

it('takes a changed value for no more than an ID', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    await question(talk, 'WKF110');
    await talk.slack.openHome({ user: bob });
    await homeThat(talk, bob, 'WKF110');
    for (const forged of ['ZZZZZZZZ', '', '{"channel":"C0OPS"}']) {
      await talk.slack.pressAtHome({ user: bob, actionId: 'approve_request', forged });
      await homeThat(talk, bob, 'in a channel that you are in.');
      await talk.slack.openHome({ user: bob });
      await homeThat(talk, bob, 'in a channel that you are in.', false);
    }
    expect(talk.sent('WKF110')).toEqual([]);
  }));

it('counts a press of another workspace as none', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const id = requestId(await question(talk, 'WKF110'));
    await talk.slack.openHome({ user: bob });
    await homeThat(talk, bob, 'WKF110');
    await talk.slack.pressAtHome({ user: bob, actionId: 'approve_request', value: id, teamId: 'T0PARTNER' });
    await homeThat(talk, bob, `There is no request ${id} in a channel that you are in.`);
    const before = published(talk);
    await talk.slack.openHome({ user: dave, teamId: 'T0PARTNER' });
    await talk.slack.openHome({ user: carol });
    await homeThat(talk, carol, 'WKF110');
    expect(homeOf(talk, dave)).toBeNull();
    expect(published(talk)).toBe(before + 1);
    expect(talk.sent('WKF110')).toEqual([]);
  }));

it('is published once for an event that Slack delivers several times', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const opened = await talk.slack.openHome({ user: bob });
    await homeThat(talk, bob, 'Nothing waits');
    expect(opened.status).toBe(200);
    for (let retry = 1; retry <= 3; retry++) expect((await talk.slack.redeliver(opened)).status).toBe(200);
    await talk.slack.openHome({ user: carol });
    await homeThat(talk, carol, 'Nothing waits');
    expect(published(talk)).toBe(2);
  }));

it('answers Slack’s check of the address, and takes no event without a signature', () =>
  inSandbox({ mode: 'http' }, async ({ slack, sandbox }) => {
    const body = JSON.stringify({ type: 'url_verification', token: 'any', challenge: 'c-3eZ' });
    const contentType = 'application/json';
    const answer = await slack.post({ body, contentType });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('c-3eZ');
    expect((await slack.post({ body, contentType, secret: 'another' })).status).toBe(401);
    const event = { type: 'app_home_opened', user: bob, tab: 'home' };
    const odd = [{ event }, { event, event_id: 7, team_id: 'T0ACME' }, { event: null }, { event_id: 'Ev1' }];
    for (const one of odd) await slack.post({ body: JSON.stringify({ type: 'event_callback', ...one }), contentType });
    expect(slack.workspace.homes).toEqual([]);
    expect((await fetch(`${sandbox.bot().url}/readyz`)).status).toBe(200);
  }));

it('is missed in the log and in /readyz where the app has no Home tab', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { slack, sandbox } = talk;
    const findings = async () => {
      const page = await fetch(`${sandbox.bot().url}/readyz`);
      return ((await page.json()) as { findings: unknown[] }).findings;
    };
    expect(await findings()).toEqual([]);
    slack.fail('views.publish', { kind: 'error', error: 'not_enabled' }, { times: 1 });
    await slack.openHome({ user: bob });
    for (let found: unknown[] = []; found.length === 0; ) found = await findings();
    expect(await findings()).toEqual([{ name: 'home_not_shown', problem: 'not_enabled' }]);
    expect(sandbox.bot().log.filter((line) => line.includes('an App Home could not be shown'))).toHaveLength(1);
    await slack.openHome({ user: bob });
    await homeThat(talk, bob, 'Nothing waits');
    for (let found: unknown[] = [1]; found.length > 0; ) found = await findings();
  }));

it('is in the language of the person', () =>
  inSandbox({ mode: 'socket' }, async (talk) => {
    const person = talk.slack.workspace.users.find(({ id }) => id === bob);
    if (person) person.locale = 'fr-FR';
    await question(talk, 'WKF110');
    await talk.slack.openHome({ user: bob });
    await homeThat(talk, bob, '1 demande attend votre décision');
  }));
