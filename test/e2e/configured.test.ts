import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { user } from '../../sandbox/slack/seed.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { calendar, event } from '../calendars/calendar.fixture.ts';
import {
  alice,
  bob,
  type Conversation,
  carol,
  conversation,
  dave,
  gina,
  inSandbox,
  ops,
  pat,
  requestId,
  shownText,
} from './people.ts';

const stage = {
  organization: 'acme-mkt-stage1',
  clientId: 'stage-client',
  clientSecret: 'stage-secret',
  scopes: 'openid,AdobeID,stage',
};

const stageEnv = {
  CAMPAIGN_STAGE_CLIENT_ID: stage.clientId,
  CAMPAIGN_STAGE_CLIENT_SECRET: stage.clientSecret,
  CAMPAIGN_STAGE_SCOPES: stage.scopes,
};

/** In production, two leads confirm a stop of BIG workflows, and one lead other stops. Members of S0OPS may read. */
const configuration = `
default_environment: prod
environments:
  prod: { organization: acme }
  stage: { organization: acme-mkt-stage1 }
workflows:
  nightly-load: { id: WKF110, environment: prod, label: Nightly profile load }
  trial-run: { id: WKF300, environment: stage }
  change-prices: { id: WKF320, environment: prod }
access:
  - name: Two leads stop the big ones
    channels: [C0OPS, C0SHARED]
    people: { users: [U0ALICE, U0PAT, U0GINA], groups: [S0OPS] }
    environments: [prod]
    workflows: ["BIG*"]
    commands: [stop]
    reason: required
    approval: { from: { groups: [S0LEADS] }, count: 2, expires_after: 10m }
  - name: A lead confirms
    channels: [C0OPS, C0SHARED]
    people: { users: [U0ALICE, U0GINA] }
    environments: [prod]
    commands: [start, stop]
    approval: { from: { users: [U0BOB] } }
  - name: Changes have a number
    channels: [C0OPS]
    people: { users: [U0ALICE] }
    environments: [prod]
    workflows: ["CHANGE*"]
    commands: [pause]
    reason: { required: true, matches: "CHG\\\\d+", hint: "a change number, such as CHG0012345" }
  - name: Operators
    channels: [C0OPS]
    people: { groups: [S0OPS] }
    commands: [pause, resume, status, history, freeze, unfreeze]
  - name: Stage is for trying
    channels: [C0OPS]
    people: { users: [U0ALICE, U0DAVE, U0GINA] }
    environments: [stage]
    commands: [start, stop]
guests: [U0GINA]
shared_channels: [C0SHARED]
`;

describe('a configuration file', () => {
  let sandbox: Sandbox;
  let talk: Conversation;
  beforeAll(async () => {
    sandbox = await startSandbox({ mode: 'http', configuration, campaign: { others: [stage] }, env: stageEnv });
    talk = conversation(sandbox);
    sandbox.campaign.addWorkflow('WKF300', 'editing', stage.organization);
  });
  afterAll(async () => {
    expect(sandbox.slack.workspace.mistakes).toEqual([]);
    await sandbox.close();
  });

  const addressOf = (workflowId: string) =>
    sandbox.campaign.posts(workflowId).map(({ path, headers }) => [path.split('/')[1], headers['x-api-key']]);

  it('has environments, each with its own organization and credentials; production looks different', async () => {
    const { type, announced, outcome } = talk;
    await type(alice, 'start trial-run for a try');
    const announcement = await announced('WKF300', 'accepted');
    await outcome(announcement);
    expect(shownText(announcement)).toContain('Start trial-run (WKF300, stage)');
    expect(shownText(announcement)).not.toContain('PRODUCTION');
    expect(addressOf('WKF300')).toEqual([[stage.organization, stage.clientId]]);
    await type(alice, 'pause nightly-load');
    const production = await announced('WKF110', 'accepted');
    await outcome(production);
    expect(shownText(production)).toContain('🔴 PRODUCTION · Pause Nightly profile load (WKF110, prod)');
    expect(addressOf('WKF110')).toEqual([['acme', 'pretend-client']]);
    expect(await type(alice, 'start trial-run --env prod')).toContain('is a workflow of stage, not of prod');
  });

  it('asks about an environment that was named without its option, and sends nothing', async () => {
    const { type, privateReply, sent } = talk;
    sandbox.campaign.addWorkflow('WKF311', 'editing');
    for (const text of ['pause WKF311 stage', 'pause WKF311 on stage', 'pause WKF311 (acme-mkt-stage1) wrong list']) {
      const answer = await type(alice, text);
      expect(answer).toContain('would go to prod');
      expect(answer).toContain('Try /campaign-wf pause WKF311 --env stage,');
    }
    expect(await type(alice, 'pause nightly-load on stage')).toContain('is a workflow of prod, not of stage');
    await type(alice, 'history prod');
    await privateReply(alice, 'Did you mean --env prod?');
    expect(sent('WKF311')).toEqual([]);
  });

  it('asks no confirmation for a workflow that Campaign does not have, and names one that exists', async () => {
    const { type, privateReply, sent, slack } = talk;
    // Without replies: follow-ups of earlier commands may still be posted.
    const announced = () => slack.workspace.messages.filter(({ threadTs }) => threadTs === null).length;
    const before = announced();
    await type(alice, 'stop WKF300 wrong audience');
    const { text } = await privateReply(alice, 'Campaign has no workflow WKF300 in prod');
    expect(text).toContain('Refused. Nothing was sent.');
    expect(text).toContain('Did you mean /campaign-wf stop trial-run --env stage?');
    await type(alice, 'start WKF11O');
    expect((await privateReply(alice, 'Campaign has no workflow WKF11O in prod')).text).toContain(
      'Did you mean /campaign-wf start nightly-load --env prod?',
    );
    await type(alice, 'stop WKF31777');
    expect((await privateReply(alice, 'Campaign has no workflow WKF31777 in prod')).text).not.toContain('Did you mean');
    expect(announced()).toBe(before);
    expect(sent('WKF300').filter((body) => body.includes('stop'))).toEqual([]);
  });

  it('suggests no workflow of an environment without rights in this channel', async () => {
    const { type, privateReply } = talk;
    sandbox.campaign.addWorkflow('WKF301', 'started', stage.organization);
    await type(alice, 'stop WKF301', 'C0SHARED');
    const { text } = await privateReply(alice, 'Campaign has no workflow WKF301 in prod');
    expect(text).not.toContain('Did you mean');
    expect(text).not.toContain('stage');
  });

  it('requires a change number in the reason: without one the refusal has the format, and nothing is sent', async () => {
    const { type, announced, outcome, privateReply, sent } = talk;
    sandbox.campaign.addWorkflow('CHANGE-1');
    const hint = 'a change number, such as CHG0012345';
    await type(alice, 'pause CHANGE-1 [reason]');
    await privateReply(alice, 'The rule “Changes have a number” wants to know why');
    await type(alice, 'pause CHANGE-1 wrong audience');
    await privateReply(alice, `does not take this reason. It asks for: “${hint}”.`);
    await type(alice, 'access');
    await privateReply(alice, `a reason is needed: ${hint}`);
    expect(sent('CHANGE-1')).toEqual([]);
    await type(alice, 'pause CHANGE-1 wrong audience, CHG0012345');
    await outcome(await announced('CHANGE-1', 'accepted'));
    expect(sent('CHANGE-1')).toHaveLength(1);
  });

  it('applies a rule with a pattern of aliases to the ID as well, whichever of both is typed', async () => {
    const { type, announced, outcome, sent } = talk;
    sandbox.campaign.addWorkflow('WKF320');
    const typed = ['change-prices', 'WKF320', 'wkf320'];
    for (const name of typed) await type(alice, `pause ${name} wrong audience`);
    const isRefusal = ({ text }: { text: string }) => /wkf320.*does not take this reason/is.test(text);
    await sandbox.slack.waitFor(({ privateReplies }) => privateReplies.filter(isRefusal).length === typed.length);
    expect(sent('WKF320')).toEqual([]);
    await type(alice, 'pause WKF320 CHG0012345');
    await outcome(await announced('WKF320', 'accepted'));
    expect(sent('WKF320')).toHaveLength(1);
  });

  it('names two required approvers: both are needed, and the announcement shows the first', async () => {
    const { type, announced, outcome, press, privateReply, sent } = talk;
    sandbox.campaign.addWorkflow('BIG1');
    await type(alice, 'stop BIG1');
    await privateReply(alice, 'The rule “Two leads stop the big ones” wants to know why');
    await type(alice, 'stop BIG1 wrong audience');
    const question = await announced('BIG1', 'awaiting_approval');
    expect(shownText(question)).toContain('2 people must confirm by');
    expect(shownText(question)).toContain('Shows as in progress.');
    await press(bob, question, 'approve');
    await sandbox.slack.waitFor(() => shownText(question).includes('1 of 2: '));
    await press(bob, question, 'approve');
    await privateReply(bob, 'You have confirmed request');
    await press(alice, question, 'approve');
    await privateReply(alice, 'somebody else has to confirm it');
    expect(sent('BIG1')).toEqual([]);
    await press(carol, question, 'approve');
    const reply = await outcome(await announced('BIG1', 'accepted'));
    expect(shownText(reply)).toContain(`Confirmed by <@${bob}> and <@${carol}>.`);
    expect(sent('BIG1')).toEqual(['{"method":"stop"}']);
  });

  it('causes a new question where the workflow has changed, and the announcement says so', async () => {
    const { type, announced, outcome, press, privateReply, sent } = talk;
    sandbox.campaign.addWorkflow('BIG2');
    await type(alice, 'stop BIG2 wrong audience');
    const question = await announced('BIG2', 'awaiting_approval');
    await press(bob, question, 'approve');
    await sandbox.slack.waitFor(() => shownText(question).includes('1 of 2: '));
    sandbox.campaign.addWorkflow('BIG2', 'erroneous');
    await press(carol, question, 'approve');
    for (const person of [bob, carol]) await privateReply(person, 'for the workflow has changed');
    await sandbox.slack.waitFor(() => shownText(question).includes('Asked again:'));
    expect(shownText(question)).toContain('Shows as failed.');
    for (const person of [bob, carol]) await press(person, question, 'approve');
    await outcome(await announced('BIG2', 'accepted'));
    expect(sent('BIG2')).toHaveLength(1);
  });

  it('permits no clicks of guests, bots and other workspaces: each gets the reason, and nothing is sent', async () => {
    const { type, announced, press, privateReply, sent } = talk;
    sandbox.campaign.addWorkflow('WKF600');
    await type(alice, 'stop WKF600');
    const question = await announced('WKF600', 'awaiting_approval');
    const { slack } = sandbox;
    const clicks = [
      [pat, 'People of another organization'],
      [gina, 'may decide on this'],
      [dave, 'may decide on this'],
      ['U0ROBOT', 'Bots cannot run workflows'],
      ['U0GONE', 'This account is deactivated'],
    ] as const;
    for (const [person, why] of clicks) {
      for (const choice of ['approve', 'cancel'] as const) await press(person, question, choice);
      expect((await privateReply(person, why)).text).toContain(requestId(question));
    }
    await slack.press({ user: bob, channel: ops, ts: question.ts, actionId: 'approve_request', teamId: 'T0OTHER' });
    await privateReply(bob, 'People of another workspace');
    expect(await announced('WKF600', 'awaiting_approval')).toBe(question);
    expect(sent('WKF600')).toEqual([]);
    await type(alice, 'history WKF600');
    await privateReply(alice, `A decision of <@${bob}> did not count: People of another workspace`);
    await press(bob, question, 'cancel');
    await announced('WKF600', 'cancelled');
  });

  it('permits a listed guest, and a listed shared channel, but nobody of the other organization there', async () => {
    const { type, announced, outcome, privateReply, press } = talk;
    sandbox.campaign.addWorkflow('WKF601', 'started', stage.organization);
    await type(gina, 'start WKF601 --env stage');
    await outcome(await announced('WKF601', 'accepted'));
    sandbox.campaign.addWorkflow('WKF602');
    await type(alice, 'stop WKF602', 'C0SHARED');
    const question = await announced('WKF602', 'awaiting_approval');
    expect(question.channel).toBe('C0SHARED');
    await press(pat, question, 'approve');
    await privateReply(pat, 'People of another organization');
    await press(alice, question, 'cancel');
    await announced('WKF602', 'cancelled');
  });

  it('shows people without rights here only what they typed: no environment, no production, no ID of an alias', async () => {
    const { type, privateReply } = talk;
    const { workspace } = sandbox.slack;
    workspace.users.push(user('U0GUS', 'gus', 'Gus Guest', { isRestricted: true }));
    const texts: string[] = [];
    for (const [person, channel] of [
      [dave, 'C0SHARED'],
      [pat, 'C0SHARED'],
      ['U0GUS', ops],
    ] as const) {
      for (const name of ['nightly-load', 'Trial-Run', 'WKF777']) {
        const text = await type(person, `stop ${name} wrong list`, channel);
        expect(text).toContain('Refused.');
        const [, id] = new RegExp(`^/campaign-wf stop ${name} ([0-9A-HJKMNP-TV-Z]{8})`, 'i').exec(text) ?? [];
        texts.push(text, await type(person, `cancel ${id}`, channel));
      }
    }
    expect(texts.join()).not.toMatch(/prod|stage|WKF110|WKF300|profile load/i);
    await type(alice, 'history nightly-load');
    expect((await privateReply(alice, '<@U0GUS>')).text).toContain('stop nightly-load (WKF110, prod)');
    // A person whom a rule names for another environment may see this one.
    expect(await type(dave, 'stop nightly-load')).toContain('🔴 PRODUCTION · Stop Nightly profile load (WKF110, prod)');
  });

  it('is reloaded by SIGHUP: an invalid one is rejected, a valid one applies to open requests', async () => {
    const { type, announced, outcome, press, sent, privateReply } = talk;
    sandbox.campaign.addWorkflow('WKF610');
    await type(alice, 'stop WKF610');
    const question = await announced('WKF610', 'awaiting_approval');
    const refused = await sandbox.reload(configuration.replace('channels: [C0OPS]', 'chanels: [C0OPS]'));
    expect(refused).toContain('was rejected');
    expect(refused).toContain('did you mean channels');
    await type(alice, 'start WKF610');
    await privateReply(alice, 'Another request for this workflow is open');
    const without = configuration.replace('people: { users: [U0ALICE, U0GINA] }', 'people: { users: [U0GINA] }');
    expect(await sandbox.reload(without)).toContain('was reloaded');
    await press(bob, question, 'approve');
    const reply = await outcome(await announced('WKF610', 'refused'));
    expect(shownText(reply)).toContain(`and <@${alice}> is not among them`);
    expect(sent('WKF610')).toEqual([]);
    const issued = () => sandbox.campaign.tokenRequests.length;
    const before = issued();
    expect(await sandbox.reload(configuration)).toContain('was reloaded');
    await type(alice, 'pause WKF610');
    await outcome(await announced('WKF610', 'accepted'));
    expect(issued()).toBe(before);
  });

  it('uses current members of a group: after it became empty nobody can confirm, and nothing is sent', async () => {
    const { type, announced, press, privateReply, sent } = talk;
    const { workspace, calls } = sandbox.slack;
    await sandbox.restart('SIGTERM');
    sandbox.campaign.addWorkflow('BIG3');
    await type(alice, 'stop BIG3 wrong audience');
    const question = await announced('BIG3', 'awaiting_approval');
    const leads = workspace.groups.find(({ id }) => id === 'S0LEADS');
    if (leads === undefined) throw new Error('there are no leads');
    const members = leads.users;
    leads.users = [];
    const callsBefore = calls.length;
    await sandbox.restart('SIGTERM');
    await press(carol, question, 'approve');
    await privateReply(carol, 'may decide on this');
    expect(calls.slice(callsBefore).some(({ method }) => method === 'usergroups.users.list')).toBe(true);
    expect(sent('BIG3')).toEqual([]);
    leads.users = members;
    await press(alice, question, 'cancel');
    await announced('BIG3', 'cancelled');
    await sandbox.restart('SIGTERM');
  });

  it('a freeze survives a kill, blocks earlier requests, and permits an overriding command', async () => {
    const { type, announced, outcome, press, privateReply, sent } = talk;
    sandbox.campaign.addWorkflow('WKF620', 'editing');
    await type(alice, 'start WKF620');
    const question = await announced('WKF620', 'awaiting_approval');
    await type(alice, 'freeze prod 2h wrong audience');
    await outcome(await announced('*', 'accepted'));
    await sandbox.restart('SIGKILL');
    await press(bob, question, 'approve');
    await privateReply(bob, 'Starting and resuming is held until');
    expect(sent('WKF620')).toEqual([]);
    sandbox.campaign.addWorkflow('WKF621');
    await type(alice, 'stop WKF621');
    await press(bob, await announced('WKF621', 'awaiting_approval'), 'approve');
    await outcome(await announced('WKF621', 'accepted'));
    expect(sent('WKF621')).toHaveLength(1);
    await type(alice, 'unfreeze prod');
    await sandbox.slack.waitFor(({ messages }) => messages.find(({ text }) => text.includes('Lifted.')));
    await press(bob, question, 'approve');
    await outcome(await announced('WKF620', 'accepted'));
    expect(sent('WKF620')).toHaveLength(1);
  });

  it('offers aliases of the permitted environments in the form, with their labels', async () => {
    const { slack } = sandbox;
    await talk.type(alice, '');
    await talk.privateReply(alice, 'What you may do here');
    await slack.pressPrivate({ user: alice, channel: ops, actionId: 'new_request' });
    const form = await slack.waitFor(({ views }) =>
      views.find(({ user, view }) => user === alice && view.callback_id === 'request_form'),
    );
    const query = { user: alice, viewId: form.id, actionId: 'workflow' };
    expect((await slack.suggest({ ...query, query: 'profile' })).map(({ text }) => text.text)).toEqual([
      'nightly-load (WKF110) · prod · Nightly profile load',
      'profile',
    ]);
    const [trial] = await slack.suggest({ ...query, query: 'trial' });
    const chosen = { workflow: { workflow: trial?.value ?? '' }, command: { command: 'start' } };
    const submit = (environment: string, reason: string | null = null) =>
      slack.submit({
        user: alice,
        viewId: form.id,
        values: { ...chosen, environment: { environment }, reason: { reason } },
      });
    await submit('prod');
    expect(form.errors).toEqual({ environment: 'trial-run is a workflow of stage, not of prod.' });
    await submit('stage', 'by form');
    await slack.waitFor(({ views }) => !views.includes(form));
    const announcement = await slack.waitFor(({ messages }) =>
      messages.find((message) => shownText(message).includes('by form')),
    );
    expect(shownText(announcement)).toContain('trial-run (WKF300, stage)');
  });

  it('asks in the form for the reason that a rule requires', async () => {
    const { slack } = sandbox;
    await talk.type(alice, '');
    await slack.pressPrivate({ user: alice, channel: ops, actionId: 'new_request' });
    const form = await slack.waitFor(({ views }) =>
      views.find(({ user, view }) => user === alice && view.callback_id === 'request_form'),
    );
    const inForm = { user: alice, viewId: form.id };
    await slack.suggest({ ...inForm, actionId: 'workflow', query: 'BIG9' });
    const values = { workflow: { workflow: 'id BIG9' }, command: { command: 'stop' } };
    // Sent before the form could say that the reason is required.
    slack.fail('views.update', { kind: 'error', error: 'internal_error' });
    await slack.submit({ ...inForm, values });
    expect(form.errors).toEqual({ reason: 'The rule “Two leads stop the big ones” wants to know why.' });
    slack.clearFaults();
    await slack.fill({ ...inForm, values: { command: { command: 'start' } } });
    await slack.fill({ ...inForm, values });
    await slack.waitFor(() => JSON.stringify(form.view.blocks).includes('Reason (required)'));
    expect(JSON.stringify(form.view.blocks)).toContain('Needs confirmations by 2 people');
    await expect(slack.submit(inForm)).rejects.toThrow('Reason (required) (reason) is required.');
    expect(await slack.closeView(inForm)).toBeNull();
  });
});

it('a calendar freezes starts during its events, and until it has been read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'calendar-'));
  const path = join(folder, 'freezes.ics');
  const day = (offset: number) =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  const fromTo = (from: number, until: number) =>
    calendar(event(`DTSTART;VALUE=DATE:${day(from)}`, `DTEND;VALUE=DATE:${day(until)}`));
  const frozen = `${configuration}freezes: [{ calendar: ${path}, timezone: UTC, because: Company freeze }]\n`;
  try {
    await inSandbox(
      { mode: 'http', configuration: frozen, campaign: { others: [stage] }, env: stageEnv },
      async (talk) => {
        const { sandbox, type, announced, privateReply } = talk;
        await type(alice, 'start WKF200');
        await privateReply(alice, 'the calendar of freezes cannot be read, so one may be in force');
        const findings = async () => {
          const response = await fetch(`${sandbox.bot().url}/readyz`);
          return ((await response.json()) as { findings: readonly unknown[] }).findings;
        };
        expect(await findings()).toContainEqual({ name: 'freeze_calendar_unread', calendars: [path] });
        await writeFile(path, fromTo(-1, 2));
        await sandbox.reload(`${frozen}# The calendar is there now\n`);
        while ((await findings()).length > 0) await wait(50);
        await type(alice, 'start WKF200');
        await privateReply(alice, '“Freeze”');
        await writeFile(path, fromTo(2, 3));
        await sandbox.reload(frozen);
        // Until the calendar is read again, it is refused.
        do await type(alice, 'start WKF200');
        while (await wait(500, talk.slack.workspace.messages.length === 0));
        await announced('WKF200', 'awaiting_approval');
      },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
