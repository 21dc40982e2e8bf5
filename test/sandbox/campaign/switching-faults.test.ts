import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type PretendCampaign, startPretendCampaign } from '../../../sandbox/campaign/pretend-campaign.ts';
import { getWorkflow } from './requests.fixture.ts';

let pretend: PretendCampaign;
beforeEach(async () => {
  pretend = await startPretendCampaign();
});
afterEach(() => pretend.close());

const statusNow = async () => (await getWorkflow(pretend, 'WKF110')).status;

it('a fault without a limit applies until it is switched off', async () => {
  const switchOff = pretend.fail('oops_502', { times: Number.POSITIVE_INFINITY });
  for (let n = 0; n < 5; n += 1) expect(await statusNow()).toBe(502);
  switchOff();
  expect(await statusNow()).toBe(200);
});

it('switching one off leaves the others, also those of the same name', async () => {
  const switchOff = pretend.fail('oops_502');
  pretend.fail('oops_502');
  pretend.fail('rst_404');
  switchOff();
  switchOff();
  expect([await statusNow(), await statusNow(), await statusNow()]).toEqual([502, 404, 200]);
});

it('switching off a used-up fault changes nothing', async () => {
  const switchOff = pretend.fail('oops_502');
  await statusNow();
  pretend.fail('oops_502');
  switchOff();
  expect(await statusNow()).toBe(502);
});

it('all of one name are switched off together', async () => {
  pretend.fail('oops_502', { times: 3 });
  pretend.fail('rst_404');
  pretend.fail('oops_502');
  pretend.clearFaults('oops_502');
  expect([await statusNow(), await statusNow()]).toEqual([404, 200]);
});

it('lists the active faults in order, with their remaining counts', async () => {
  pretend.fail('oops_502', { times: 2, method: 'GET' });
  pretend.fail('hang', { times: Number.POSITIVE_INFINITY, workflowId: 'WKF111' });
  await statusNow();
  expect(pretend.faults()).toEqual([
    { fault: 'oops_502', options: { times: 2, method: 'GET' }, left: 1 },
    {
      fault: 'hang',
      options: { times: Number.POSITIVE_INFINITY, workflowId: 'WKF111' },
      left: Number.POSITIVE_INFINITY,
    },
  ]);
});
