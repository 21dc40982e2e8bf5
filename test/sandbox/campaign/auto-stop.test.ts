import { afterEach, expect, it } from '@jest/globals';
import {
  type PretendCampaign,
  type PretendCampaignOptions,
  startPretendCampaign,
} from '../../../sandbox/campaign/pretend-campaign.ts';
import { command, getWorkflow } from './requests.fixture.ts';

const day = 24 * 60 * 60 * 1000;
const weekAndADay = 8 * day;

let pretend: PretendCampaign;
afterEach(() => pretend.close());

async function start(options: PretendCampaignOptions = {}): Promise<void> {
  pretend = await startPretendCampaign({ settleMs: 0, ...options });
}

const stateOf = (id: string) => pretend.workflow(id)?.state;
const becomes = (id: string, state: string) => pretend.waitFor(() => stateOf(id) === state);

it.each([
  ['paused', 'WKF112'],
  ['failed', 'WKF113'],
])('a workflow that is %s for more than seven days is stopped without a command', async (_how, id) => {
  await start({ settleMs: 60_000 });
  pretend.letPass(7 * day - 60_000);
  expect(stateOf(id)).not.toBe('stopping');
  pretend.letPass(120_000);
  expect(stateOf(id)).toBe('stopping');
  expect(pretend.workflow(id)?.commands).toEqual([]);
});

it('a GET then shows it as finished', async () => {
  await start();
  pretend.letPass(weekAndADay);
  await becomes('WKF112', 'finished');
  expect(JSON.parse((await getWorkflow(pretend, 'WKF112')).body)).toMatchObject({ logicalStatus: 'finished' });
});

it('the days are counted from the pause, and reset when it continues', async () => {
  await start();
  pretend.letPass(6 * day);
  await command(pretend, 'WKF110', 'pause');
  await command(pretend, 'WKF112', 'resume');
  await becomes('WKF110', 'paused');
  await becomes('WKF112', 'started');
  pretend.letPass(2 * day);
  expect(stateOf('WKF110')).toBe('paused');
  expect(stateOf('WKF112')).toBe('started');
  pretend.letPass(6 * day);
  await becomes('WKF110', 'finished');
  expect(stateOf('WKF112')).toBe('started');
});

it('a workflow that changes its state in between is not stopped', async () => {
  await start();
  for (const id of ['WKF112', 'WKF113']) pretend.addWorkflow(id, 'editing');
  let notifications = 0;
  pretend.on('change', () => {
    notifications += 1;
  });
  pretend.letPass(weekAndADay);
  expect(stateOf('WKF112')).toBe('editing');
  expect(notifications).toBe(0);
});

it('happens in real time as well', async () => {
  await start({ autoStopMs: 0 });
  await becomes('WKF112', 'finished');
});

it('takes a month where configured, as in Campaign v8', async () => {
  await start({ autoStopMs: 31 * day });
  pretend.letPass(30 * day);
  expect(stateOf('WKF112')).toBe('paused');
  pretend.letPass(2 * day);
  await becomes('WKF112', 'finished');
});

it('Campaign’s clock is real time plus its offset', async () => {
  await start();
  const before = Date.now();
  pretend.letPass(weekAndADay);
  expect(pretend.now()).toBeGreaterThanOrEqual(before + weekAndADay);
  expect(pretend.workflow('WKF112')?.since).toBeGreaterThanOrEqual(before + weekAndADay);
  expect(pretend.workflow('WKF110')?.since).toBeLessThan(before + weekAndADay);
});

it('a free slot goes to the workflow that waited longest', async () => {
  await start();
  for (let n = 0; n < 13; n += 1) pretend.addWorkflow(`FULL${n}`);
  await command(pretend, 'WKF113', 'start');
  await command(pretend, 'WKF111', 'start');
  expect([stateOf('WKF113'), stateOf('WKF111')]).toEqual(['queued', 'queued']);
  pretend.addWorkflow('FULL0', 'finished');
  await becomes('WKF113', 'started');
  expect(stateOf('WKF111')).toBe('queued');
});
