import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BREAKAGE_NAMES, type BreakageName, breakThese } from '../../sandbox/page/breakages.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, type Conversation, conversation, ops } from './people.ts';

type Line = { readonly level: number; readonly time: string; readonly message: string } & Record<string, unknown>;

let sandbox: Sandbox;
let talk: Conversation;
beforeAll(async () => {
  sandbox = await startSandbox({ mode: 'http' });
  talk = conversation(sandbox);
});
afterAll(() => sandbox.close());

const [info, warn] = [30, 40];
const lines = (): Line[] => sandbox.bot().log.map((line) => JSON.parse(line));

/** Waits for a line of the log from a place on. */
async function logged(matches: (line: Line) => boolean, from = 0): Promise<Line> {
  for (;;) {
    const found = lines().slice(from).find(matches);
    if (found !== undefined) return found;
    await wait(50);
  }
}

/** What each switch of the sandbox begins: the service, and the reason in the log. Null: no trouble. */
const troubles: Readonly<Record<BreakageName, readonly [service: string, reason: string] | null>> = {
  'Campaign is slow': null,
  'Campaign: too many requests (429)': ['Campaign', 'gateway_busy'],
  // It answers for itself, about one workflow.
  'Campaign: an error of its own (500)': null,
  'Campaign: not available (503)': ['Campaign', 'gateway_unavailable'],
  'Campaign: token expired (401013)': ['Campaign', 'token_expired'],
  'Campaign: wrong organization': ['Campaign', 'entry_error'],
  'Campaign: connection lost after sending': ['Campaign', 'connection_lost'],
  'Adobe’s sign-in is down': ['IMS', 'ims_unreachable'],
  'Slack’s limits: a message a second in a channel': null,
  'Slack: too many requests (429)': ['Slack', 'rate_limited'],
  'Slack is down': ['Slack', 'server_error'],
};

const isEnd = (service: string, reason: string) => (line: Line) =>
  line.service === service && Array.isArray(line.reasons) && line.reasons.includes(reason);

/** Switches one fault on, asks for something, switches it off, and asks again. */
async function play(name: BreakageName, [broken, mended]: readonly [string, string]): Promise<void> {
  const expected = troubles[name];
  for (const id of [broken, mended]) sandbox.campaign.addWorkflow(id);
  if (expected?.[0] === 'IMS') sandbox.campaign.revokeTokens();
  const from = lines().length;
  breakThese(sandbox, new Set([name]));
  await sandbox.slack.command({ user: alice, channel: ops, text: `pause ${broken}` });
  if (expected === null) await sandbox.campaign.waitFor(() => sandbox.campaign.posts(broken).length === 1);
  else await logged(({ service, reason }) => service === expected[0] && reason === expected[1], from);
  breakThese(sandbox, new Set());
  await talk.type(alice, `pause ${mended}`);
  await talk.announced(mended, 'accepted');
  // Other faults of the same service would be the same trouble.
  if (expected !== null && expected[0] !== 'Slack') await logged(isEnd(...expected), from);
}

/** The metrics have moved as docs/metrics.md says. */
function checkMetrics(text: string): void {
  const of = (name: string, ...labels: readonly string[]) => {
    const series = text.split('\n').filter((line) => line.startsWith(`campaign_wf_${name}`));
    const wanted = series.filter((line) => labels.every((label) => line.includes(label)));
    return wanted.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  };
  const ended = (outcome: string) =>
    of('outcomes_total{', `outcome="${outcome}"`, 'environment="acme"', 'verb="pause"');
  expect(ended('unknown')).toBe(3 - 1 + of('outcomes_total{', 'reason="campaign_error"'));
  expect([ended('rejected'), ended('not_sent')]).toEqual([1, 1]);
  expect(ended('accepted') + ended('unknown') + 2).toBe(2 * BREAKAGE_NAMES.length);
  expect(of('slack_rate_limited_total{', 'method="chat.postMessage"')).toBeGreaterThan(0);
  expect(of('slack_retry_after_seconds_count')).toBeGreaterThan(0);
  expect(of('slack_call_seconds_count{', 'result="server_error"')).toBeGreaterThan(0);
  for (const result of ['gateway_busy', 'gateway_unavailable', 'token_expired', 'entry_error', 'connection_lost'])
    expect([result, of('adobe_call_seconds_count{', 'service="Campaign"', `"${result}"`) > 0]).toEqual([result, true]);
  expect(of('token_renewals_total{', 'result="ims_unreachable"')).toBeGreaterThan(0);
  expect(of('token_renewals_total{', 'result="ok"')).toBeGreaterThan(1);
  for (const system of ['slack', 'campaign', 'ims', 'database'])
    expect(of('last_success_timestamp_seconds{', `system="${system}"`)).toBeGreaterThan(1_000_000_000);
  for (const name of ['acknowledgement', 'announcement', 'answer', 'commit'])
    expect([name, of(`${name}_seconds_count`) > 0]).toEqual([name, true]);
  expect(of('build_info{')).toBe(1);
  expect(of('open_approvals')).toBe(0);
}

it('an afternoon of faults: each trouble has its beginning and its end in the log, and none floods', async () => {
  const workflows = BREAKAGE_NAMES.map((_, index) => [`WKF7${index}1`, `WKF7${index}2`] as const);
  for (const [index, name] of BREAKAGE_NAMES.entries()) await play(name, workflows[index] ?? ['', '']);
  const all = Object.values(troubles).filter((one) => one !== null);
  for (const one of all) await logged(isEnd(...one));
  for (const id of workflows.flat()) await logged((line) => line.message === 'request ended' && line.workflow === id);
  const metrics = await (await fetch(`${sandbox.bot().url}/metrics`)).text();
  await sandbox.bot().end('SIGTERM');
  checkMetrics(metrics);

  const ofTroubles = Map.groupBy(
    lines().filter(({ service }) => service !== undefined),
    ({ service, reason, reasons, method }) =>
      /limited/.test(`${reason}${reasons}`) ? `${service} ${method}` : service,
  );
  for (const [, some] of ofTroubles)
    expect(some.map(({ level }) => level)).toEqual(some.map((_, at) => (at % 2 === 0 ? warn : info)));
  const about = [...ofTroubles.values()].flat();
  for (const [service, reason] of all) {
    const [begins, ...others] = about.filter((line) => line.service === service && line.reason === reason);
    expect(begins).toMatchObject({ level: warn, host: expect.stringMatching(/^127\.0\.0\.1:/) });
    // Each method of Slack has its own limit.
    if (reason !== 'rate_limited') expect(others).toEqual([]);
    const end = { level: info, lastedMs: expect.any(Number), failedCalls: expect.any(Number) };
    expect(about.find(isEnd(service, reason))).toMatchObject(end);
  }
  const ended = lines().filter(({ message }) => message === 'request ended');
  expect(new Set(ended.map(({ outcome }) => outcome))).toEqual(
    new Set(['accepted', 'rejected', 'unknown', 'not_sent']),
  );
  for (const { level, outcome, ...line } of ended) {
    expect(level).toBe(outcome === 'unknown' || outcome === 'not_sent' ? warn : info);
    expect(line).toMatchObject({ verb: 'pause', environment: 'acme', requester: alice, confirmers: [] });
    expect(line).toMatchObject({
      rule: 'CAMPAIGN_WF_USERS',
      durationMs: expect.any(Number),
      reason: expect.any(String),
    });
  }
  // Nothing else is a warning.
  const warnings = lines().filter(({ level }) => level >= warn);
  expect(warnings.filter((line) => line.service === undefined && line.message !== 'request ended')).toEqual([]);
  for (const { time } of lines()) expect(time).toBe(new Date(time).toISOString());
}, 120_000);
