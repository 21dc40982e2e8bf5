import axe, { type AxeResults, type NodeResult } from 'axe-core';
import type { Page } from 'playwright-core';

/** The serious and critical violations that axe finds on the current page, as texts: first in dark colours, then in light ones. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  const dark = await problemsIn(page, 'dark');
  const light = await problemsIn(page, 'light');
  return [...dark, ...light];
}

/**
 * Until then colours can be those of before. An inherited colour changes level by level: each begins a transition of its own
 * when that of its parent has ended.
 */
const transitionsOver = `(async () => {
  for (let quietFrames = 0; quietFrames < 3; ) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    quietFrames = document.getAnimations().some((one) => one instanceof CSSTransition) ? 0 : quietFrames + 1;
  }
})()`;

async function problemsIn(page: Page, colorScheme: 'dark' | 'light'): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
  await page.evaluate(transitionsOver);
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => `${colorScheme}: ${impact} ${id}: ${help}\n${nodes.map(where).join('\n')}`);
}

function where({ target, failureSummary = '' }: NodeResult): string {
  return `  at ${target.join(' ')}\n    ${failureSummary.replaceAll('\n', '\n    ')}`;
}
