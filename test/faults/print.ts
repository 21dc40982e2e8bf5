import type { RecordedEvent } from '../../src/requests/events.ts';
import { replay } from '../../src/requests/replay.ts';
import type { TriedFault } from './fault-run.ts';
import type { Run } from './kill-run.ts';
import { laterSteps, steps } from './steps.ts';

/** Prints what a run tried, and its results. */
export function printRun({ name, evidence, losses, totalKills, failures, seconds }: Run): void {
  const { acknowledged, decisions, requests, commands, messages, watched, alerts } = evidence;
  const outcomes = Map.groupBy(requests, ({ events }) => replay(events).state);
  const ends = [...outcomes].map(([state, of]) => `${state} ${of.length}`).sort();
  const count = (kind: string) => messages.filter((message) => message.kind === kind).length;
  console.log(`
${name}
  kills                     ${totalKills}, in ${seconds.work.toFixed(0)} s, and ${seconds.rest.toFixed(0)} s until every outcome was posted
  requests acknowledged     ${acknowledged.size}, recorded ${requests.length}; typed decisions told as recorded ${decisions.length}
  outcomes                  ${ends.join(', ')}
  commands that arrived     ${commands.length}, of these provably refused ${commands.filter((one) => one.provablyRefused).length}
  announcements             ${count('announcement')}
  outcomes posted           ${count('outcome')}, follow-ups ${count('note')}, reminders ${count('reminder')}
  who is asked              said ${count('call')} times in the thread, ${count('page')} direct messages
  emergencies               ${requests.filter(({ events }) => events.some(isDeclared)).length}, messages about them ${count('emergency')}, direct ones ${count('emergency page')}, reviews ${requests.filter(({ events }) => events.some(({ type }) => type === 'reviewed')).length}
  watched                   ${watched.length} workflows, alerts ${alerts.filter(({ reply }) => reply === 0).length}, replies ${alerts.filter(({ reply }) => reply > 0).length}
  records that verify       ${requests.filter(({ flaw }) => flaw === null).length} of ${requests.length}
  lost or doubled           ${losses.length === 0 ? 'nothing' : losses.length}`);
  for (const { request, what } of losses.slice(0, 20)) {
    console.log(`    ${request}: ${what}`);
    const known = requests.find(({ id }) => id === request);
    for (const event of known?.events ?? [])
      console.log(
        `      ${event.sequence} ${new Date(event.at).toISOString()} ${event.type} ${JSON.stringify(event.data)}`,
      );
    for (const message of messages.filter((one) => one.request === request))
      console.log(`      ${JSON.stringify(message)}`);
  }
  for (const failure of failures.slice(0, 5)) console.log(`    the bot itself: ${failure}`);
}

function isDeclared(event: RecordedEvent): boolean {
  return event.type === 'approved' && event.data.emergency !== undefined;
}

/** Prints how often a bot was killed at each step, in each run. */
export function printKills(runs: readonly Run[]): void {
  console.log(`\nkills at each step         ${runs.map(({ name }) => name).join(' | ')}`);
  for (const step of [...steps, ...laterSteps, 'any moment'] as const) {
    console.log(`  ${step.padEnd(28)} ${runs.map(({ kills }) => String(kills.get(step) ?? 0).padStart(4)).join(' ')}`);
  }
}

/** The exit code: 0 where nothing was lost and every step was tried. */
export function verdict(runs: readonly Run[], tried: readonly TriedFault[]): 0 | 1 {
  const losses = [...runs, ...tried].reduce((sum, { losses }) => sum + losses.length, 0);
  const failures = runs.reduce((sum, run) => sum + run.failures.length, 0);
  const missed = runs.flatMap(({ name, missed }) => missed.map((step) => `${step} (${name})`));
  for (const step of missed) console.log(`too few kills at: ${step}`);
  const kills = runs.reduce((sum, run) => sum + run.totalKills, 0);
  const requests = runs.reduce((sum, run) => sum + run.evidence.requests.length, 0);
  const good = losses === 0 && failures === 0 && missed.length === 0;
  console.log(
    `\n${good ? '✓' : '✗'} ${requests} requests, ${kills} kills, ${tried.length} faults by themselves: ${losses} lost or doubled, ${failures} bots that failed by themselves`,
  );
  return good ? 0 : 1;
}

/** Prints every fault of the separate runs, and its result. */
export function printFaults(tried: readonly TriedFault[]): void {
  if (tried.length === 0) return;
  console.log(`\n${'fault'.padEnd(62)} requests  outcomes            lost`);
  for (const { row, requests, outcomes, losses } of tried) {
    const name = `${row.side}: ${row.fault}`;
    console.log(
      `  ${name.padEnd(60)} ${String(requests).padStart(8)}  ${[...new Set(outcomes)].join(', ').padEnd(19)} ${losses.length}`,
    );
    for (const { request, what } of losses) console.log(`    ${request}: ${what}`);
  }
}
