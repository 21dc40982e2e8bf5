import { expect, it } from '@jest/globals';
import { alice, bob, inSandbox, requestId } from './people.ts';

const configuration = `
environments: { acme: { organization: acme } }
open_requests_per_person: 2
access:
  - name: A lead confirms
    channels: [C0OPS]
    people: { users: [U0ALICE, U0BOB] }
    commands: [start, stop]
    approval: { from: { groups: [S0LEADS] }, expires_after: 10m }
`;

it('a command beyond the limit of open requests is answered with which to cancel and not recorded; stops have their own limit', () =>
  inSandbox({ mode: 'http', configuration }, async ({ sandbox, type, announced, press, outcome }) => {
    for (const id of ['WKF501', 'WKF502', 'WKF503']) sandbox.campaign.addWorkflow(id, 'editing');
    await type(alice, 'start WKF501');
    const oldest = await announced('WKF501', 'awaiting_approval');
    await type(alice, 'start WKF502');
    const answer = await type(alice, 'start WKF503');
    expect(answer).toMatch(/^Not taken, and nothing was sent: 2 of your requests are still open/);
    expect(answer).toContain(`/campaign-wf cancel ${requestId(oldest)}`);
    expect(await type(bob, 'start WKF503')).toContain('Asked: ');
    expect(await type(alice, 'stop WKF503')).toContain('Asked: ');
    await press(alice, oldest, 'cancel');
    await outcome(oldest);
    sandbox.campaign.addWorkflow('WKF504');
    expect(await type(alice, 'start WKF504')).toContain('Asked: ');
    const metrics = await (await fetch(`${sandbox.bot().url}/metrics`)).text();
    expect(metrics).toMatch(/^campaign_wf_too_many_open_total 1$/m);
  }));
