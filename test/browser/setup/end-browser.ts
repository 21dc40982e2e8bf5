import type { BrowserServer } from 'playwright-core';

export default async function tearDown(): Promise<void> {
  const { browserOfTheTests } = globalThis as unknown as { browserOfTheTests: BrowserServer };
  await browserOfTheTests.close();
}
