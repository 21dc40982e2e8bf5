import axe, { type AxeResults, type NodeResult } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds on the page as it is now that would be serious or critical for somebody, for people to read. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n${nodes.map(where).join('\n')}`);
}

function where({ target, failureSummary = '' }: NodeResult): string {
  return `  at ${target.join(' ')}\n    ${failureSummary.replaceAll('\n', '\n    ')}`;
}
