import type { Locator, Page } from 'playwright-core';

/** The people that can be selected, with their IDs in the pretend Slack. */
export const people = {
  Alice: 'U0ALICE',
  Bob: 'U0BOB',
  Carol: 'U0CAROL',
  Chloé: 'U0CHLOE',
  Jonas: 'U0JONAS',
  Gina: 'U0GINA',
  Pat: 'U0PAT',
} as const;

export type Name = keyof typeof people;

export type Tab = 'Home' | 'Campaign' | 'Break things' | 'Break' | 'Record' | 'Rules' | 'Log' | 'More';

/** The page as a person sees it, by accessible names. */
export type Screen = {
  readonly page: Page;
  readonly log: Locator;
  readonly composer: Locator;
  /** Writes it in the current channel, as the selected person. */
  write(text: string): Promise<void>;
  /** Messages with this text that everybody in the channel sees. */
  posted(text: string | RegExp): Locator;
  /** Private replies to this person. */
  privateReply(text: string | RegExp): Locator;
  /** The announcement of a command such as "Stop WKF110". */
  announcement(order: string): Locator;
  /** The ID of the request with this announcement. */
  requestId(order: string): Promise<string>;
  /** The thread of the message with that request's ID, opened. */
  thread(requestId: string): Promise<Locator>;
  /** The open modal. */
  form(): Locator;
  become(name: Name): Promise<void>;
  goTo(channel: string): Promise<void>;
  show(tab: Tab): Promise<Locator>;
  /** In the Campaign tab: the received requests with this text in their first line. */
  received(text: string | RegExp): Locator;
};

const privateMark = 'Only visible to you';

/** The small print of an announcement begins with the ID of its request. */
const announcementMark = /[0-9A-Z]{8}(?= · record)/;

/** "Stop WKF110" as its announcement has it: the name of the workflow can be in between. */
function titleOf(order: string): RegExp {
  const [verb = '', ...workflow] = order.split(/[ ()]+/).filter((word) => word !== '');
  return new RegExp(`${verb} [^()]*\\(?${workflow.at(-1) ?? ''}[ ,]`);
}

/** Opens the page as this person, in this channel (an ID) or the first of theirs. */
export async function openScreen(page: Page, url: string, name: Name, channel?: string): Promise<Screen> {
  const address = new URL(url);
  address.searchParams.set('as', people[name]);
  if (channel !== undefined) address.searchParams.set('channel', channel);
  await page.goto(address.href);
  await page.getByRole('combobox', { name: `as ${name}` }).waitFor();
  return screenOf(page);
}

function screenOf(page: Page): Screen {
  const log = page.getByRole('log');
  const composer = page.getByRole('combobox', { name: /^Message / });
  const posted = (text: string | RegExp) => log.getByRole('article').filter({ hasText: text, hasNotText: privateMark });
  const announcement = (order: string) => posted(announcementMark).filter({ hasText: titleOf(order) });
  return {
    page,
    log,
    composer,
    posted,
    announcement,
    privateReply: (text) => log.getByRole('article').filter({ hasText: privateMark }).filter({ hasText: text }),
    async write(text) {
      await composer.fill(text);
      await composer.press('Enter');
      await page.getByRole('form', { name: 'Write' }).locator('input[value=""]').waitFor();
    },
    async requestId(order) {
      const shown = await announcement(order).textContent();
      const [id] = announcementMark.exec(shown ?? '') ?? [];
      if (id === undefined) throw new Error(`No request id is shown: ${shown}`);
      return id;
    },
    async thread(requestId) {
      const pane = page.getByRole('region', { name: /^Thread of/ });
      const opened = pane.filter({ hasText: requestId });
      if ((await opened.count()) === 0) {
        const message = posted(requestId).first();
        await message.locator('xpath=following-sibling::*[1][self::button]').click();
      }
      await opened.waitFor();
      return opened;
    },
    form: () => page.getByRole('dialog'),
    async become(name) {
      await page.getByRole('radio', { name }).click();
      await page.getByRole('combobox', { name: `as ${name}` }).waitFor();
    },
    async goTo(channel) {
      await page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: channel }).click();
      await page.getByRole('log', { name: `Messages in ${channel}` }).waitFor();
    },
    async show(tab) {
      const closing = page.getByRole('button', { name: 'Close thread' });
      if ((await closing.count()) > 0) await closing.click();
      await page.getByRole('tab', { name: tab }).click();
      const panel = page.getByRole('tabpanel', { name: tab });
      await panel.waitFor();
      return panel;
    },
    received: (text) =>
      page.getByRole('list', { name: 'Received requests' }).getByRole('listitem').filter({ hasText: text }),
  };
}
