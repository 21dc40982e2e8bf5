import { atOnce } from '../harness/commands.ts';
import { credentials } from '../harness/services.ts';
import type { Campaign } from './send-command.ts';

// One client of Campaign in a process of its own, so that only its own processor time counts.
// Arguments: the client's name, the address of the API, how many calls at once, how many calls. Prints a `ClientCost`.

export type ClientCost = { readonly callsPerSecond: number; readonly cpuMsPerCall: number };

/** Each loads only its own modules. */
const clients = {
  "Adobe's SDK": async (campaign: Campaign) => (await import('./adobe-sdk.ts')).connect(campaign),
  'got, kept connections': async (campaign: Campaign) =>
    (await import('./bare-got.ts')).connect(campaign, { keepAlive: true }),
  'got, new connections': async (campaign: Campaign) =>
    (await import('./bare-got.ts')).connect(campaign, { keepAlive: false }),
  'campaign-wf': async (campaign: Campaign) => (await import('./campaign-wf.ts')).connect(campaign),
};
export type ClientName = keyof typeof clients;

const [name = '', apiUrl = '', width = '', calls = ''] = process.argv.slice(2);
const { CAMPAIGN_ORGANIZATION: organization, CAMPAIGN_CLIENT_ID: apiKey } = credentials;
const send = await clients[name as ClientName]({ apiUrl, organization, apiKey, token: 'bench-token' });

let serial = 0;
const call = () => send(`WKF${++serial}`);
await atOnce(Number(width), 100, call);
const [cpuBefore, begun] = [process.cpuUsage(), performance.now()];
await atOnce(Number(width), Number(calls), call);
const seconds = (performance.now() - begun) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
const cost: ClientCost = {
  callsPerSecond: Number(calls) / seconds,
  cpuMsPerCall: (user + system) / 1_000 / Number(calls),
};
console.log(JSON.stringify(cost));
process.exit(0);
