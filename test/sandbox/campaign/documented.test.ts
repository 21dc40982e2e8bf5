import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FAULTS } from '../../../sandbox/campaign/faults.ts';
import { type PretendCampaign, startPretendCampaign } from '../../../sandbox/campaign/pretend-campaign.ts';
import { runCurl } from './curl-line.fixture.ts';

const text = readFileSync(new URL('../../../docs/sandbox.md', import.meta.url), 'utf8');

let pretend: PretendCampaign;
beforeEach(async () => {
  pretend = await startPretendCampaign({ control: true, settleMs: 0 });
});
afterEach(() => pretend.close());

describe('docs/sandbox.md', () => {
  it('has every fault in its table, in the order of the code, and no other', () => {
    const [, table = ''] = text.split('### Faults');
    const names = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(names).toEqual(Object.keys(FAULTS));
  });

  it('says for each fault how far a request gets', () => {
    const rows = Object.entries(FAULTS).filter(([, { side }]) => side === 'campaign');
    for (const [name, { effect }] of rows)
      expect(text).toMatch(new RegExp(`^\\| \`${name}\` .*\\| ${wording[effect]} +\\|$`, 'm'));
  });

  it('has an example in which each line works', async () => {
    const lines = [...text.matchAll(/curl -[^|\n]+/g)].map(([line]) => line);
    const answers = [];
    for (const line of lines) answers.push(await runCurl(withAddress(line)));
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 503, 200, 200, 200, 200]);
    await pretend.waitFor(() => pretend.workflow('WKF112')?.state === 'finished');
    expect(pretend.workflow('WKF111')?.commands).toEqual(['start']);
  });

  it('names each request beside Campaign’s own API', async () => {
    const { ways } = JSON.parse((await runCurl(`curl ${pretend.apiUrl}/pretend/x`)).body);
    const documented = ways.filter((way: string) => text.includes(`| \`${way}`) || way.startsWith('DELETE '));
    expect(documented).toEqual(ways);
  });
});

const wording = { stays_outside: 'stays outside', reaches_campaign: 'reaches it', usual: 'is executed' } as const;

/** The line with this server's address and one of its tokens. */
function withAddress(line: string): string {
  return line.replace('http://127.0.0.1:8300', pretend.apiUrl).replace('$TOKEN', pretend.issueToken());
}
