import { errorFromMs, warnFromMs } from '../../slack/clock-watch.ts';
import { found } from '../finding.ts';
import type { Check, CheckContext, Report } from './check.ts';

/** This machine's clock, by the `Date` of what Slack and IMS answer to the other checks. */
export const checkClock: Check = async (context, report) => {
  await Promise.all([compareWithSlack(context, report), compareWithAdobe(context, report)]);
};

async function compareWithSlack({ known, slack, aheadOfSlack }: CheckContext, report: Report): Promise<void> {
  if (known.slack === null) return report(found('warning', 'not_checked', { because: 'settings' }));
  // Also a refusal has the time.
  await slack()?.catch(() => {});
  const ahead = aheadOfSlack();
  if (ahead === null) report(found('warning', 'clock_unknown', { service: 'Slack' }));
  else judge('Slack', ahead, report);
}

async function compareWithAdobe({ known, adobe }: CheckContext, report: Report): Promise<void> {
  if (known.adobe === null) return report(found('warning', 'not_checked', { because: 'settings' }));
  const { environments } = known.adobe.configuration;
  const logins = await Promise.all(environments.map(adobe));
  const ahead = logins.map((login) => (login.kind === 'asked' ? login.ahead : null)).find((one) => one !== null);
  if (ahead !== undefined) judge('Adobe', ahead, report);
  else if (!logins.some(({ kind }) => kind === 'fixed'))
    report(found('warning', 'clock_unknown', { service: 'Adobe' }));
}

function judge(service: string, ahead: number, report: Report): void {
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (Math.abs(ahead) < warnFromMs) return void report(found('ok', 'clock_right', { service }));
  const direction = ahead > 0 ? 'ahead' : 'behind';
  const level = Math.abs(ahead) < errorFromMs ? 'warning' : 'failure';
  report(found(level, 'clock_wrong', { service, seconds, direction }));
}
