import axe, { type AxeResults, type NodeResult } from 'axe-core';
import type { Page } from 'playwright-core';

/** The serious and critical violations that axe finds on the current page, as texts. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}\n${nodes.map(where).join('\n')}`);
}

function where({ target, failureSummary = '' }: NodeResult): string {
  return `  at ${target.join(' ')}\n    ${failureSummary.replaceAll('\n', '\n    ')}`;
}
