import { resolve } from 'node:path';
import { code } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { Engine } from '../../requests/ledger/engine.ts';
import type { GivenCheckpoint, LogProblem } from '../../requests/ledger/log/verify-log.ts';
import type { AuditContext, Given } from '../audit-command.ts';
import { readPeriod } from '../export/read-period.ts';
import { UsageFailure } from '../failure.ts';
import { checkpointsIn, compareMessages, type SlackFinding } from './compare-messages.ts';
import { describeCheckpoint, describeFinding, type Teller } from './describe-finding.ts';
import type { ExpectedMessages } from './expected-messages.ts';
import { isLost, type MessageSource, type ReadChannel, type ReadMessages } from './read-messages.ts';

export const slackOptions = {
  slack: { type: 'boolean', about: 'audit.verify.slack' },
  'slack-export': { type: 'string', value: 'FOLDER', about: 'audit.verify.slack_export' },
  'bot-user': { type: 'string', value: 'ID', about: 'audit.verify.bot_user' },
  from: { type: 'string', value: 'DATE', about: 'audit.verify.from' },
} as const;

/** Where the messages are read, or null where they are not compared. Throws a Failure for what cannot be meant. */
export function messageSource(
  given: Given<typeof slackOptions>,
  id: string | null,
  context: AuditContext,
): MessageSource | null {
  const { translator } = context;
  const { slack = false, 'slack-export': folder, 'bot-user': bot = null } = given;
  checkOptions(given, id, context);
  const { from } = readPeriod(given.from === undefined ? {} : { from: given.from }, translator);
  if (folder !== undefined) {
    return {
      from,
      async read(expected) {
        const { readExport } = await import('./read-export.ts');
        return readExport({ folder: resolve(folder), expected, context }, bot);
      },
    };
  }
  if (!slack) return null;
  const access = context.slack();
  return {
    from,
    async read(expected) {
      // The other commands do not load Slack's client.
      const { readSlack } = await import('./read-slack.ts');
      return readSlack(access, expected, from, context);
    },
  };
}

function checkOptions(given: Given<typeof slackOptions>, id: string | null, { translator }: AuditContext): void {
  const { translate } = translator;
  const [live, exported] = [code('--slack'), code('--slack-export')];
  const { slack = false, 'slack-export': folder, 'bot-user': bot, from } = given;
  if (slack && folder !== undefined) {
    throw new UsageFailure(translate('audit.verify.one_source', { one: [live], other: [exported] }));
  }
  if (bot !== undefined && folder === undefined) {
    throw new UsageFailure(translate('audit.verify.belongs', { option: [code('--bot-user')], to: [exported] }));
  }
  if (bot !== undefined && !/^[UWB][A-Z0-9]{2,}$/.test(bot)) {
    throw new UsageFailure(translate('audit.verify.not_a_user', { typed: [code(bot)] }));
  }
  if (!slack && folder === undefined) {
    if (from === undefined) return;
    const either = translator.either([live, exported]);
    throw new UsageFailure(translate('audit.verify.belongs', { option: [code('--from')], to: either }));
  }
  if (id !== null) throw new UsageFailure(translate('audit.verify.whole', { option: [slack ? live : exported] }));
}

/** The result of the comparison, apart from the checkpoints of the messages: those are compared with the log. */
export type VerifiedMessages = {
  readonly given: readonly GivenCheckpoint[];
  /** Prints what is wrong with messages that carry the checkpoints of this problem. Returns what is left of it; null: nothing. */
  describe(problem: LogProblem): LogProblem | null;
  /** The last line, and whether the messages fit. Called after the log was verified. */
  conclude(): { readonly line: string; readonly isSound: boolean };
};

/** Reads the channels, and prints each finding. */
export async function verifyMessages(
  { db }: Engine,
  source: MessageSource,
  expected: ExpectedMessages,
  context: AuditContext,
): Promise<VerifiedMessages> {
  const { translator, say } = context;
  const read = await source.read(expected);
  const teller: Teller = { translator, ...read };
  const flawed = new Set<string>();
  let missing = 0;
  for await (const finding of compareMessages({ db, key: context.logKey() }, expected, read)) {
    say(describeFinding(finding, teller));
    if (doesNotFit(finding)) flawed.add(keyOf(finding.message));
    if (finding.kind === 'missing') missing += 1;
  }
  const posted = checkpointsIn(read);
  return {
    given: [...posted.keys()],
    describe(problem) {
      if (problem.kind !== 'behind' && problem.kind !== 'other_log') return problem;
      const others: GivenCheckpoint[] = [];
      for (const given of [problem.given, ...problem.others]) {
        const message = posted.get(given);
        if (message === undefined) {
          others.push(given);
          continue;
        }
        say(describeCheckpoint(problem, given, message, teller));
        flawed.add(keyOf(message));
      }
      const [given, ...rest] = others;
      return given === undefined ? null : { ...problem, given, others: rest };
    },
    conclude: () =>
      conclusion(read, { flawed: flawed.size, missing, isNothing: isNothingRead(read, expected) }, context),
  };
}

function doesNotFit(
  finding: SlackFinding,
): finding is Extract<SlackFinding, { kind: 'mismatch' | 'nameless' | 'other_author' }> {
  return finding.kind === 'mismatch' || finding.kind === 'nameless' || finding.kind === 'other_author';
}

function keyOf({ channel, ts }: { readonly channel: string; readonly ts: string }): string {
  return `${channel} ${ts}`;
}

/** None of the bot's messages in the channels that the ledger knows. */
function isNothingRead({ channels, messages, author }: ReadMessages, expected: ExpectedMessages): boolean {
  const isKnown = ({ id, formerIds }: ReadChannel) => [id, ...formerIds].some((one) => expected.has(one));
  const known = new Set(channels.filter(isKnown).map(({ id }) => id));
  return expected.size > 0 && !messages.some((message) => message.author === author && known.has(message.channel));
}

function conclusion(
  { channels, unread, messages, author }: ReadMessages,
  { flawed, missing, isNothing }: { readonly flawed: number; readonly missing: number; readonly isNothing: boolean },
  { translator: { translate } }: AuditContext,
) {
  const counted = { messages: messages.filter((one) => one.author === author).length, channels: channels.length };
  if (flawed > 0 || missing > 0) {
    return { line: plain(translate('verify.slack.unsound', { ...counted, flawed, missing })), isSound: false };
  }
  if (isNothing) return { line: plain(translate('verify.slack.nothing')), isSound: false };
  const isWhole = unread.every(isLost);
  return { line: plain(translate(isWhole ? 'verify.slack.sound' : 'verify.slack.partly', counted)), isSound: isWhole };
}
