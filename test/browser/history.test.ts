import { expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

/** Where it is some minutes past twelve, at noon or at night: the hour has two digits. */
const timezoneId = `Etc/GMT+${new Date().getUTCHours() % 12}`;

/** What an announcement shows once the effect was seen. */
const seen = /✅ Shows as/;

const viewport = { width: 390, height: 844 };
const phone = { viewport, timezoneId };

/** A title, and two parts for each request. */
const partsOf = (reply: Locator) => reply.locator('.slack_blocks_to_jsx__rich_text_section_element');

/** How many lines each part of a reply takes on the screen, below a title of one line. */
async function lineCounts(reply: Locator): Promise<readonly number[]> {
  const heights = await partsOf(reply).evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().height));
  const [title = 0, ...parts] = heights;
  expect(title).toBeLessThan(30);
  return parts.map((height) => Math.round(height / title));
}

it('on a phone, a request of the history has two lines, with its reason and who confirmed', async () => {
  const [alice, bob] = [await open('Alice', phone), await open('Bob', phone)];
  await alice.write('/campaign-wf stop WKF110 wrong audience, see the ticket of this morning');
  await bob.announcement('Stop WKF110').getByRole('button', { name: 'Stop workflow' }).click();
  await bob.announcement('Stop WKF110').filter({ hasText: seen }).waitFor();
  await alice.write('/campaign-wf pause WKF201 the list has to be checked before it goes out');
  await alice.announcement('Pause WKF201').filter({ hasText: seen }).waitFor();
  await alice.write('/campaign-wf history');
  const reply = alice.privateReply('Last requests').last();
  await reply.waitFor();
  const [, ...lines] = await partsOf(reply).allTextContents();
  expect(lines).toEqual([
    expect.stringMatching(/^✅ pause WKF201 \(prod\) · 12:\d\d/),
    '@alice · the list has to be checked…',
    expect.stringMatching(/^✅ stop WKF110 \(prod\) · 12:\d\d/),
    '@alice · wrong audience, s… · ✓ @bob',
  ]);
  expect(await lineCounts(reply)).toEqual([1, 1, 1, 1]);
});

it('the page before the last one takes its place', async () => {
  const [alice, gina] = [await open('Alice', { viewport }), await open('Gina', { viewport })];
  for (let nth = 1; nth <= 11; nth++) await gina.write(`/campaign-wf status WKF90${nth}`);
  await gina.privateReply('Guests cannot run workflows').nth(10).waitFor();
  await alice.write('/campaign-wf history 1h');
  const [last, older] = [alice.privateReply('since'), alice.privateReply('Older requests in this channel')];
  await last.filter({ hasText: 'WKF9011' }).getByRole('button', { name: 'Older' }).click();
  await older.filter({ hasText: /status WKF901\D/ }).waitFor();
  expect([await last.count(), await older.count()]).toEqual([1, 1]);
});
