import { once } from 'node:events';
import { createServer } from 'node:net';
import { problemLine } from '../../settings/problem.ts';
import { ListenError } from '../../slack/transport/http-server.ts';
import { startProblem } from '../../start-problem.ts';
import { found, told } from '../finding.ts';
import type { Check, CheckContext, Report } from './check.ts';

const answerWithinMs = 2_000;

/** Whether the bot can listen, or does so already. */
export const checkPort: Check = async (context, report) => {
  const { http, mode } = context.known;
  if (http === null) return report(found('warning', 'not_checked', { because: 'settings' }));
  // In Socket Mode the other port is not opened.
  const isOpened = http.metricsPort === null || mode?.kind !== 'socket';
  const ports = [
    ...(isOpened ? [['PORT', http.port] as const] : []),
    ...(http.metricsPort === null ? [] : [['METRICS_PORT', http.metricsPort] as const]),
  ];
  for (const [setting, port] of ports) await tryPort({ setting, host: http.host, port }, context, report);
};

type Place = { readonly setting: ListenError['setting']; readonly host: string; readonly port: number };

async function tryPort(place: Place, { translator }: CheckContext, report: Report): Promise<void> {
  const { setting, host, port } = place;
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    report(found('ok', 'port_free', { setting, port: String(port) }));
  } catch (error) {
    if (await isBot(place)) return report(found('ok', 'port_own', { setting, port: String(port) }));
    const problem = startProblem(new ListenError(setting, error), translator);
    if (problem === null) throw error;
    report(told('failure', 'port_unusable', problemLine(problem, translator)));
  } finally {
    server.close();
  }
}

/** Whether a campaign-wf listens there. */
async function isBot({ host, port }: Place): Promise<boolean> {
  const reachable =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const answer = await fetch(`http://${reachable}:${port}/healthz`, { signal, redirect: 'error' });
    return answer.status === 200 && (await answer.text()) === 'ok\n';
  } catch {
    return false;
  }
}
