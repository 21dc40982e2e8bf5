import { describeIntegrityProblem, exitCodes } from '../command-line.ts';
import { normalizeRequestId } from '../commands/vocabulary/ids.ts';
import { plain } from '../locales/translator.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { countEvents, type VerifiedRequest, verify } from '../requests/ledger/integrity.ts';
import {
  type GivenCheckpoint,
  type LogProblem,
  type RestoredNote,
  type Trusted,
  verifyLog,
} from '../requests/ledger/log/verify-log.ts';
import { shortCheckpoint } from '../transparency-log/checkpoint.ts';
import type { SigningKey } from '../transparency-log/keys.ts';
import { type AuditContext, auditCommand } from './audit-command.ts';
import { givenCheckpoints } from './given-checkpoints.ts';
import { createExpectedMessages } from './slack/expected-messages.ts';
import type { MessageSource } from './slack/read-messages.ts';
import { messageSource, slackOptions, type VerifiedMessages, verifyMessages } from './slack/verify-messages.ts';
import { withLedger } from './with-ledger.ts';

/** `verify`, or `verify 7K3M9QPA`: checks the integrity of the record, and with `--slack` compares it with the channels. */
export const verifyCommand = auditCommand({
  name: 'verify',
  summary: 'audit.verify.summary',
  argument: { name: 'ID', isRequired: false, about: 'audit.verify.request' },
  options: {
    checkpoint: { type: 'string', value: 'TEXT-OR-FILE', about: 'audit.verify.checkpoint' },
    ...slackOptions,
  },
  async run({ checkpoint, ...ofSlack }, id, context) {
    const source = messageSource(ofSlack, id, context);
    const given = checkpoint === undefined ? [] : (await givenCheckpoints(checkpoint, context)).checkpoints;
    const key = context.logKey();
    return withLedger(context, async (engine) => {
      const { conclusion, isSound } = await verifyRecord(engine, { id, key, given, source }, context);
      context.say(conclusion);
      return isSound ? exitCodes.clean : exitCodes.crash;
    });
  },
});

type VerifiedRequests = { requests: number; events: number; unsealed: number; flawed: number };
type VerifiedLog = { readonly size: number; readonly flawed: number };

/** `id`: only this request. `source`: where the channels' messages are read; absent or null: they are not compared. */
export type Wanted = {
  readonly id: string | null;
  readonly key: SigningKey | null;
  readonly given: readonly GivenCheckpoint[];
  readonly source?: MessageSource | null;
};

export type VerifiedRecord = Pick<VerifiedRequests, 'requests' | 'events'> & {
  readonly isSound: boolean;
  /** For people. */
  readonly conclusion: string;
};

/** Verifies the requests and the log. Prints each problem as it is found. */
export async function verifyRecord(
  engine: Engine,
  { id, key, given, source = null }: Wanted,
  context: AuditContext,
): Promise<VerifiedRecord> {
  const expected = source && createExpectedMessages(source.from);
  const collect = ({ request, events }: VerifiedRequest) => expected?.add(request, events);
  const sum = await verifyRequests(engine, { id, key, collect }, context);
  const messages = source && expected && (await verifyMessages(engine, source, expected.all, context));
  const all = [...given, ...(messages?.given ?? [])];
  // The places of one request say little: they are verified with the whole log.
  const trusted = { given: all, key };
  const needsLog = id === null || all.length > 0;
  const log = needsLog ? await verifyWholeLog(engine, trusted, messages, context) : null;
  const ofSlack = messages?.conclude() ?? null;
  const { requests, events, flawed } = sum;
  const isSound = flawed === 0 && (log?.flawed ?? 0) === 0 && ofSlack?.isSound !== false;
  const conclusion = [conclude(sum, log, context), ...(ofSlack === null ? [] : [ofSlack.line])].join('\n');
  return { requests, events, isSound, conclusion };
}

type WantedRequests = Pick<Wanted, 'id' | 'key'> & { collect(verified: VerifiedRequest): void };

/** Prints each problem as it is found. */
async function verifyRequests(
  engine: Engine,
  { id, key, collect }: WantedRequests,
  context: AuditContext,
): Promise<VerifiedRequests> {
  const { progress, translator } = context;
  const sum = { requests: 0, events: 0, unsealed: 0, flawed: 0 };
  const total = id === null ? await countEvents(engine) : 0;
  for await (const verified of verify(engine, id === null ? null : (normalizeRequestId(id) ?? id), key)) {
    const { problems, events, unsealed } = verified;
    if (id !== null) for (const line of eventLines(verified)) context.say(line);
    for (const line of findings(verified, context)) context.say(line);
    collect(verified);
    sum.requests += 1;
    sum.events += events.length;
    sum.unsealed += unsealed;
    sum.flawed += Math.min(problems.length, 1);
    const counted = { done: sum.events, total: Math.max(sum.events, total) };
    progress(() => plain(translator.translate('verify.progress', counted)));
  }
  return sum;
}

/** Prints each problem as it is found. */
async function verifyWholeLog(
  { db }: Engine,
  trusted: Trusted,
  messages: VerifiedMessages | null,
  context: AuditContext,
): Promise<VerifiedLog> {
  const { progress, translator } = context;
  const problems = verifyLog(db, trusted, (done, total) =>
    progress(() => plain(translator.translate('verify.log.progress', { done, total }))),
  );
  let flawed = 0;
  for (;;) {
    const { done, value } = await problems.next();
    if (done) return { size: value, flawed };
    if (value.kind === 'restored') {
      context.say(describeRestored(value, context));
      continue;
    }
    const problem = messages === null ? value : messages.describe(value);
    if (problem === null) continue;
    context.say(describeLogProblem(problem, context));
    flawed += 1;
  }
}

function describeLogProblem(problem: LogProblem, { translator: { translate } }: AuditContext): string {
  switch (problem.kind) {
    case 'gap':
      return plain(translate('verify.log.gap', { place: String(problem.place) }));
    case 'node':
      return plain(translate('verify.log.node', { from: String(problem.from), to: String(problem.to - 1) }));
    case 'other_key':
    case 'no_key':
      return plain(translate(`verify.log.${problem.kind}`));
    case 'checkpoint':
    case 'unsigned':
      return plain(translate(`verify.log.${problem.kind}`, { size: String(problem.size) }));
    case 'other_log':
      return plain(
        translate('verify.log.other_log', { size: String(problem.given.size), others: problem.others.length }),
      );
    case 'other_size':
      return plain(translate('verify.log.other_size', { size: problem.size, newest: String(problem.newest) }));
    case 'log_event':
      return plain(translate('verify.log.log_event', { sequence: String(problem.sequence) }));
    case 'behind':
      return plain(translate('verify.log.behind', behindBy(problem)));
    default:
      return problem satisfies never;
  }
}

/** A note beside the problems. */
function describeRestored({ restoration, explained }: RestoredNote, { translator }: AuditContext): string {
  const { at, size, seen } = restoration;
  const { where } = seen;
  const told = {
    ...{ at: new Date(at).toISOString(), size, explained },
    ...{ where: where.kind, channel: where.kind === 'channel' ? where.channel : '' },
    seen: shortCheckpoint(seen),
  };
  return plain(translator.translate('verify.log.restored', told));
}

function behindBy({ size, given, others }: Extract<LogProblem, { kind: 'behind' }>) {
  return { size, given: String(given.size), others: others.length };
}

function conclude(sum: VerifiedRequests, log: VerifiedLog | null, { translator }: AuditContext): string {
  const { requests, events, unsealed, flawed } = sum;
  const lines = [
    flawed === 0
      ? translator.translate('verify.sound', { requests, events })
      : translator.translate('verify.unsound', { flawed, requests }),
    ...(unsealed === 0 ? [] : [translator.translate('verify.unsealed', { events: unsealed })]),
    ...(log === null ? [] : [describeLog(log, translator)]),
  ];
  return lines.map(plain).join('\n');
}

function describeLog({ size, flawed }: VerifiedLog, { translate }: AuditContext['translator']) {
  return flawed === 0 ? translate('verify.log.sound', { size }) : translate('verify.log.unsound', { flawed });
}

function findings({ request, problems, erased }: VerifiedRequest, { translator }: AuditContext): readonly string[] {
  return [
    ...problems.map((problem) => describeIntegrityProblem(translator, request, problem)),
    ...(erased === 0 ? [] : [plain(translator.translate('verify.erased', { request, texts: erased }))]),
  ];
}

/** With their digests, for comparison with the copies in the channel. */
function eventLines({ events }: VerifiedRequest): readonly string[] {
  return events.map(
    ({ sequence, at, type, digest }) =>
      `${String(sequence).padStart(3)}  ${new Date(at).toISOString()}  ${type.padEnd(14)}  ${digest}`,
  );
}
