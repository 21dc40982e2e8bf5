import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PageServer, startPageServer } from '../../../sandbox/page/page-server.ts';
import type { Entry, Snapshot } from '../../../sandbox/page/snapshot.ts';
import { openStage, type Stage } from '../../../sandbox/page/stage.ts';
import { checkProof } from '../../../src/audit/proof/check-proof.ts';
import { proofDocument } from '../../../src/audit/proof/proof-document.ts';
import { plain } from '../../../src/locales/translator.ts';
import { post, readRecordAt, send, type Visitor, visit } from './visitor.ts';

const app = new Map([['/', { type: 'text/html', body: '<h1>here</h1>' }]]);

let stage: Stage;
let page: PageServer;
const visitors: Visitor[] = [];

beforeAll(async () => {
  stage = await openStage({ mode: 'http', keep: null });
  page = await startPageServer(stage, app, 0);
});

afterAll(async () => {
  for (const visitor of visitors) visitor.leave();
  await page.close();
  await stage.close();
});

async function openPage(as: string): Promise<Visitor> {
  const visitor = await visit(page.url, as);
  visitors.push(visitor);
  return visitor;
}

const shows = (text: string) => (entry: Entry) => JSON.stringify(entry).includes(text);

/** A public entry about this workflow that contains this text. */
const isAbout = (workflowId: string, text: string) => (entry: Entry) =>
  !entry.isPrivate && shows(workflowId)(entry) && shows(text)(entry);

const announced =
  (workflowId: string, text: string) =>
  ({ entries }: Snapshot) =>
    entries.some(isAbout(workflowId, text));

describe('the page', () => {
  it('serves its files, and nothing else', async () => {
    expect(await send(`${page.url}/`)).toEqual({ status: 200, type: 'text/html', body: '<h1>here</h1>' });
    expect(await send(`${page.url}/package.json`)).toMatchObject({ status: 404 });
    expect(await send(`${page.url}/../package.json`)).toMatchObject({ status: 404 });
  });

  it('accepts no requests of other pages', async () => {
    const action = { type: 'kill', when: 'now' };
    expect(await post(page.url, action, { origin: 'http://elsewhere.example' })).toMatchObject({ status: 403 });
    expect(await send(`${page.url}/events`, { headers: { host: 'elsewhere.example' } })).toMatchObject({ status: 403 });
    expect(await post(page.url, action, { 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
    expect(stage.bot()).toMatchObject({ state: 'running', starts: 1 });
  });

  it.each(['', '{', '[]', '{"type":"nothing"}', '{"type":"write","as":"U0ALICE","channel":"C0OPS","text":"  "}'])(
    'reports the problem of %p',
    async (body) => {
      const answer = await post(page.url, body);
      expect(answer).toMatchObject({ status: 400, type: 'application/json; charset=utf-8' });
      expect(JSON.parse(answer.body)).toEqual({
        ok: false,
        problem: expect.stringMatching(/^This is not an action: ./),
      });
    },
  );

  it('shows each person their channels and private replies', async () => {
    const [alice, bob, pat] = [await openPage('U0ALICE'), await openPage('U0BOB'), await openPage('U0PAT')];
    expect(await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf help' })).toEqual({ ok: true });
    const helped = await alice.see(({ entries }) => entries.some(shows('/campaign-wf start')));
    expect(helped.entries.find(shows('/campaign-wf start'))).toMatchObject({ channel: 'C0OPS', isPrivate: true });

    await alice.do({ type: 'write', channel: 'C0OPS', text: 'for all in ops' });
    const seen = await bob.see(({ entries }) => entries.some(shows('for all in ops')));
    expect(seen.entries.filter(shows('/campaign-wf start'))).toEqual([]);

    await bob.do({ type: 'write', channel: 'C0SHARED', text: 'for the partner, too' });
    const shown = await pat.see(({ entries }) => entries.some(shows('for the partner')));
    expect(shown.channels.map(({ name }) => name)).toEqual(['shared', 'campaign-wf']);
    expect(shown.entries.filter(({ channel }) => channel !== 'C0SHARED')).toEqual([]);
  });

  it('lets Bob confirm Alice’s request, and shows its verified record', async () => {
    const [alice, bob] = [await openPage('U0ALICE'), await openPage('U0BOB')];
    await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf stop WKF201 wrong audience' });
    const { entries } = await bob.see(announced('WKF201', 'approve_request'));
    const question = entries.find(isAbout('WKF201', 'approve_request'));
    const press = { type: 'press', channel: 'C0OPS', ts: question?.ts ?? '', isPrivate: false } as const;
    expect(await bob.do({ ...press, actionId: 'no_such_button' })).toEqual({
      ok: false,
      problem: expect.stringContaining('There is no button'),
    });
    expect(await bob.do({ ...press, actionId: 'approve_request' })).toEqual({ ok: true });
    const after = await bob.see(announced('WKF201', 'Accepted'));
    expect(after.campaign.requests.find(({ method }) => method === 'POST')).toMatchObject({
      path: '/acme/campaign/workflow/execution/WKF201/commands',
      body: '{"method":"stop"}',
      headers: expect.arrayContaining([['authorization', 'Bearer ***']]),
      answer: { kind: 'answered', status: 200 },
    });
    expect(JSON.stringify(after)).not.toMatch(/pretend-token-|pretend-secret/);
    await bob.see(({ campaign }) =>
      campaign.workflows.some(({ id, state }) => id === 'WKF201' && state === 'finished'),
    );

    const [recorded] = await readRecordAt(page.url);
    expect(recorded).toMatchObject({ state: 'accepted', flaw: null });
    expect(recorded?.events.map(({ type }) => type)).toContain('approved');
    expect(recorded?.story).toMatchObject({ requester: 'U0ALICE' });
    expect(recorded?.story?.events).toHaveLength(recorded?.events.length ?? 0);
    const words = recorded?.story?.events.map(plain) ?? [];
    expect(words[0]).toContain('U0ALICE');
    expect(words.join('\n')).toContain('U0BOB');
  });

  it('offers a document that proves a request', async () => {
    const isSealed = async () => (await readRecordAt(page.url)).every((request) => request.isSealed);
    while (!(await isSealed())) await wait(100);
    const [recorded] = await readRecordAt(page.url);
    const { status, body } = await send(`${page.url}/proofs/${recorded?.id}.json`);
    expect(status).toBe(200);
    const document = proofDocument.parse(JSON.parse(body));
    expect(document.request).toBe(recorded?.id);
    expect(checkProof(document, []).problems).toEqual([]);
    const unknown = await send(`${page.url}/proofs/00000000.json`);
    expect([unknown.status, unknown.body]).toEqual([404, expect.stringContaining('There is no proof of 00000000')]);
  });

  it('fills in a modal', async () => {
    const alice = await openPage('U0ALICE');
    await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf' });
    const { entries } = await alice.see(({ entries: all }) => all.some(shows('"type":"button"')));
    const offer = entries.findLast(shows('"type":"button"'));
    const actionId = /"action_id":"([^"]+)"/.exec(JSON.stringify(offer))?.[1] ?? '';
    const press = { type: 'press', channel: 'C0OPS', ts: offer?.ts ?? '', actionId, isPrivate: true } as const;
    expect(await alice.do(press)).toEqual({ ok: true });
    const { modal } = await alice.see((snapshot) => snapshot.modal !== null);
    const viewId = modal?.id ?? '';
    const inputs = modal?.view.blocks.flatMap((block) => (block.type === 'input' ? [block] : [])) ?? [];
    const workflow = inputs.find(({ element }) => element.type === 'external_select');
    const query = { type: 'suggest', viewId, actionId: workflow?.element.action_id ?? '', query: 'trial' } as const;
    const suggested = await alice.do(query);
    expect(suggested).toMatchObject({ ok: true });
    expect(suggested.ok && suggested.options?.[0]?.text.text).toContain('trial-run');
    expect(await alice.do({ type: 'submit', viewId, values: {} })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/is required/),
    });
    expect(await alice.do({ type: 'close', viewId })).toEqual({ ok: true });
    await alice.see((snapshot) => snapshot.modal === null);
  });

  it('kills the bot during its call, and the request has one outcome', async () => {
    const alice = await openPage('U0ALICE');
    const pid = stage.bot().pid;
    await alice.do({ type: 'kill', when: 'at next call' });
    await alice.see(({ bot }) => bot.diesAtNextCall);
    await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf pause WKF202' });
    const { bot } = await alice.see((snapshot) => snapshot.bot.starts === 2 && snapshot.bot.state === 'running');
    expect(bot).toMatchObject({ diesAtNextCall: false });
    expect(bot.pid).not.toBe(pid);
    const { campaign, entries } = await alice.see(announced('WKF202', 'unknown'));
    expect(campaign.requests.filter(({ path }) => path.includes('WKF202/commands'))).toMatchObject([
      { answer: { kind: 'cut' } },
    ]);
    expect(entries.filter((entry) => entry.isBroadcast || shows('WKF202')(entry)).length).toBeGreaterThan(0);
  });

  it('applies faults of Campaign and Slack while a switch is on', async () => {
    const alice = await openPage('U0ALICE');
    await alice.do({ type: 'break', name: 'Campaign: an error of its own (500)', isOn: true });
    await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf pause WKF203' });
    const { breakages } = await alice.see(announced('WKF203', 'RST-360011'));
    expect(breakages.filter(({ isOn }) => isOn)).toEqual([{ name: 'Campaign: an error of its own (500)', isOn: true }]);
    await alice.do({ type: 'break', name: 'Campaign: an error of its own (500)', isOn: false });

    await alice.do({ type: 'break', name: 'Slack is down', isOn: true });
    await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf pause WKF204' });
    await stage.sandbox.slack.waitFor(() => stage.sandbox.slack.calls.some(({ answer }) => typeof answer === 'string'));
    expect(stage.sandbox.campaign.posts('WKF204')).toEqual([]);
    await alice.do({ type: 'break', name: 'Slack is down', isOn: false });
    await alice.see(announced('WKF204', 'Accepted'));
  });

  it('lets days pass, and Campaign stops what is paused', async () => {
    const alice = await openPage('U0ALICE');
    const isIn = (state: string) => (snapshot: Snapshot) =>
      snapshot.campaign.workflows.some((workflow) => workflow.id === 'WKF112' && workflow.state === state);
    await alice.see(isIn('paused'));
    await alice.do({ type: 'let days pass', days: 8 });
    await alice.see(isIn('finished'));
  });

  it('gives the bot other rules, and shows their problems', async () => {
    const alice = await openPage('U0ALICE');
    const { rules } = await alice.see(() => true);
    const wrong = rules.replace('channels: [C0MKT]', 'chanels: [C0MKT]');
    expect(await alice.do({ type: 'set rules', text: wrong })).toEqual({
      ok: false,
      problem: expect.stringMatching(/chanels.*did you mean.*channels/is),
    });
    // The page and the next bot process have only rules that are in force.
    expect(stage.rules()).toBe(rules);
    await alice.do({ type: 'kill', when: 'now' });
    expect(stage.bot()).toMatchObject({ state: 'running' });
    const other = rules.replace('commands: [start, pause,', 'commands: [pause,');
    expect(await alice.do({ type: 'set rules', text: other })).toEqual({ ok: true });
    await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf start WKF111' });
    await alice.see(({ entries }) => entries.some((entry) => entry.isPrivate && shows('Refused')(entry)));
    expect(stage.sandbox.campaign.posts('WKF111')).toEqual([]);
  });

  it('restarts the bot once Slack works again, and reports on rules that are set meanwhile', async () => {
    const alice = await openPage('U0ALICE');
    const { rules, bot } = await alice.see((snapshot) => snapshot.bot.state === 'running');
    const killed = alice.do({ type: 'kill', when: 'now' });
    expect(await alice.do({ type: 'set rules', text: 'nonsense: [' })).toMatchObject({ ok: false });
    expect(await killed).toEqual({ ok: true });
    const after = await alice.see((snapshot) => snapshot.bot.state === 'running' && snapshot.bot.starts > bot.starts);
    expect(after.rules).toBe(rules);
    process.kill(after.bot.pid, 'SIGKILL');
    await alice.see((snapshot) => snapshot.bot.state === 'failed');
    await alice.do({ type: 'break', name: 'Slack is down', isOn: true });
    await alice.do({ type: 'break', name: 'Slack is down', isOn: false });
    await alice.see((snapshot) => snapshot.bot.state === 'running');
  });

  it('refuses an action that is too long', async () => {
    const { status, body } = await post(page.url, 'x'.repeat(1_000_001));
    expect({ status, result: JSON.parse(body) }).toEqual({
      status: 413,
      result: { ok: false, problem: 'This is too long: an action has at most a million bytes.' },
    });
  });

  it('refuses an invalid address', async () => {
    const { port } = new URL(page.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(`GET http://[ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
  });

  it('shows where the record was changed', async () => {
    const [changed] = await readRecordAt(page.url);
    const database = new DatabaseSync(stage.sandbox.ledgerPath, { timeout: 5_000 });
    database.exec('drop trigger if exists events_are_never_changed');
    const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").all();
    for (const { name } of triggers) database.exec(`drop trigger ${name}`);
    database.prepare('update events set at = at + 1 where request = ? and sequence = 2').run(changed?.id ?? '');
    database.close();
    const [again] = await readRecordAt(page.url);
    expect(again).toMatchObject({ id: changed?.id, flaw: expect.stringContaining('2') });
  });
});
