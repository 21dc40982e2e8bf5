import { quantile } from '../harness/commands.ts';
import type { Measured } from '../harness/table.ts';
import { burstsOf } from './bursts.ts';
import type { Course, Day } from './simulate.ts';

type Result = readonly [name: string, unit: Measured['unit'], value: number];

const lookUps: ReadonlySet<string> = new Set(['users.info', 'conversations.info', 'usergroups.users.list']);

/** What the table says of a simulated day. */
export function resultsOf(day: Day): readonly Result[] {
  const courses = [...day.courses.values()];
  const bursts = burstsOf(day.slack.refused);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const refused = (is: (method: string) => boolean) => day.slack.refused.filter(({ method }) => is(method)).length;
  const outcome = (name: string) => day.outcomes.get(name) ?? 0;
  return [
    ['commands', 'number', courses.length],
    ['commands without an outcome in Slack', 'number', courses.filter(({ outcomeAt }) => outcomeAt === null).length],
    ...times('command to outcome', courses.map(toOutcome)),
    ...times('last confirmation to outcome', courses.map(fromConfirmation)),
    ...times('stop to its question', courses.map(toQuestion)),
    ...times('outcome to the updated announcement', courses.map(toUpdate)),
    ['accepted by Campaign', 'number', outcome('accepted')],
    ['refused', 'number', outcome('refused')],
    ['not sent', 'number', outcome('not_sent')],
    ['messages posted', 'number', day.slack.accepted.get('chat.postMessage') ?? 0],
    ['bursts with a 429', 'number', bursts.length],
    ['posts refused with 429', 'number', sum(bursts.map((burst) => burst.refused.length))],
    ['of these, begun after the first 429 of a burst', 'number', sum(bursts.map(({ beyondFirst }) => beyondFirst))],
    ['updates refused with 429', 'number', refused((method) => method === 'chat.update')],
    ['look-ups refused with 429', 'number', refused((method) => lookUps.has(method))],
    ['most messages that waited', 'number', Math.max(...day.backlog.map(({ posts }) => posts))],
    ['most updates that waited', 'number', Math.max(...day.backlog.map(({ updates }) => updates))],
    ['smallest share of a replica', '%', (100 * Math.min(...day.claimed)) / sum(day.claimed)],
    ['faults and warnings', 'number', sum([...day.warnings.values()])],
  ];
}

function times(name: string, durations: readonly (number | null)[]): readonly Result[] {
  const seconds = durations.filter((ms) => ms !== null).map((ms) => ms / 1_000);
  return [
    [`${name}, p50`, 's', quantile(seconds, 0.5)],
    [`${name}, p99`, 's', quantile(seconds, 0.99)],
  ];
}

/** Of a command that asked for no confirmation. */
function toOutcome({ command, askedAt, outcomeAt }: Course): number | null {
  return askedAt !== null || outcomeAt === null ? null : outcomeAt - command.at;
}

function fromConfirmation({ askedAt, approvedAt, outcomeAt }: Course): number | null {
  return askedAt === null || approvedAt === null || outcomeAt === null ? null : outcomeAt - approvedAt;
}

function toQuestion({ command, askedAt }: Course): number | null {
  return command.verb !== 'stop' || askedAt === null ? null : askedAt - command.at;
}

function toUpdate({ outcomeAt, shownAt }: Course): number | null {
  return outcomeAt === null || shownAt === null ? null : shownAt - outcomeAt;
}
