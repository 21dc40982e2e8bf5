import { userInfo } from 'node:os';
import { exitCodes } from '../command-line.ts';
import { code, foreign } from '../locales/phrase.ts';
import { plain } from '../locales/translator.ts';
import { placeOf } from '../requests/ledger/database-place.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { type RequestedErasure, requestErasure } from '../requests/ledger/erasure/request-erasure.ts';
import type { Erasure } from '../requests/ledger/ledger.ts';
import { loadEvents } from '../requests/ledger/load.ts';
import { OtherKeyError } from '../requests/ledger/log/open-log.ts';
import { isInsufficientPrivilege } from '../requests/ledger/postgres.ts';
import { LedgerUnavailableError } from '../requests/ledger/retry.ts';
import { sqliteProblem } from '../requests/ledger/sqlite-files.ts';
import { hasTextInFull } from '../requests/texts.ts';
import { type AuditContext, auditCommand, type Given } from './audit-command.ts';
import { Failure, UsageFailure } from './failure.ts';
import { requestIdOf, unknownRequest } from './request-id.ts';
import { withLedger } from './with-ledger.ts';

const options = {
  because: { type: 'string', value: 'TEXT', about: 'audit.erase.because' },
  by: { type: 'string', value: 'NAME', about: 'audit.erase.by' },
} as const;

/** The longest texts that are recorded, in characters. What is shown of a text is cut to 500. */
const longest = { because: 500, by: 100 };

/** How long the bot has for an order. It looks for one every half second. */
const waitMs = 10_000;

/** `erase 7K3M9QPA --because TEXT`: removes what people wrote in a request, and their names, and records that. Exit code 1 if it is not erased. */
export const eraseCommand = auditCommand({
  name: 'erase',
  summary: 'audit.erase.summary',
  argument: { name: 'ID', isRequired: true, about: 'audit.show.request' },
  options,
  async run(given, typed, context) {
    const id = requestIdOf(typed ?? '', context.translator);
    const erasure = readErasure(given, context);
    const key = context.logKey();
    const database = context.database();
    return withLedger(context, async (engine) => {
      const inFull = await checkRequest(engine, id, erasure, context);
      const requested = await requestErasure(id, erasure, { database, key, waitMs }).catch(failsFor(context));
      return tell(id, requested, inFull, context);
    });
  },
});

function readErasure({ because, by }: Given<typeof options>, context: AuditContext): Erasure {
  if (because === undefined) throw new UsageFailure(context.translator.translate('audit.erase.because_missing'));
  return { because: lineIn('because', because, context), by: lineIn('by', by ?? userName(context), context) };
}

function userName({ translator }: AuditContext): string {
  try {
    return userInfo().username;
  } catch {
    // In a container, a user can have a number and no name.
    throw new UsageFailure(translator.translate('audit.erase.by_unknown'));
  }
}

/** Control characters, ends of lines, what changes the direction of the text after it, and lone surrogates. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u;

function lineIn(name: keyof typeof longest, typed: string, { translator }: AuditContext): string {
  const text = typed.trim();
  if (text === '' || unprintable.test(text) || [...text].length > longest[name]) {
    const option = [code(`--${name}`)];
    throw new UsageFailure(translator.translate('audit.erase.not_a_line', { option, most: longest[name] }));
  }
  return text;
}

/** A shorter text is in many others by chance. */
const shortestRepeated = 3;

/** Returns the numbers of the events that hold in full what was written. Throws a Failure for an unknown request. */
async function checkRequest(
  engine: Engine,
  id: string,
  { because }: Erasure,
  context: AuditContext,
): Promise<readonly number[]> {
  const { db } = engine;
  const events = await loadEvents(db, id);
  if (events.length === 0) throw await unknownRequest(engine, id, context.translator);
  const texts = await db.selectFrom('texts').select('text').where('request', '=', id).execute();
  const isRepeated = ({ text }: { text: string }) =>
    text.length >= shortestRepeated && because.toLowerCase().includes(text.toLowerCase());
  if (texts.some(isRepeated)) throw new UsageFailure(context.translator.translate('audit.erase.repeats'));
  return events.filter(hasTextInFull).map(({ sequence }) => sequence);
}

function failsFor(context: AuditContext) {
  const { translator } = context;
  return (error: unknown): never => {
    if (error instanceof OtherKeyError) {
      const isMissing = context.logKey() === null;
      throw new UsageFailure(translator.translate(isMissing ? 'audit.erase.no_key' : 'audit.erase.other_key'));
    }
    const place = placeOf(context.database());
    if (error instanceof LedgerUnavailableError) throw new Failure(translator.translate('audit.erase.busy', { place }));
    if (mayOnlyRead(error)) throw new Failure(translator.translate('audit.erase.read_only', { place }));
    throw error;
  };
}

function mayOnlyRead(error: unknown): boolean {
  return sqliteProblem(error) === 'read_only' || isInsufficientPrivilege(error);
}

function tell(
  request: string,
  { answer, isCleared }: RequestedErasure,
  inFull: readonly number[],
  { translator, say, remark }: AuditContext,
): number {
  const { translate } = translator;
  const command = [code(`npm run audit -- show ${request}`)];
  const numbers = translator.all(inFull.map((sequence) => foreign(String(sequence))));
  const holds = translate('audit.erase.in_full', { request, events: inFull.length, numbers });
  switch (answer?.kind) {
    case 'erased': {
      const { quotedBy } = answer;
      const requests = translator.all(quotedBy.map((one) => code(one)));
      say(plain(translate('audit.erase.done', { request })));
      if (quotedBy.length > 0) say(plain(translate('audit.erase.quoted', { requests })));
      if (inFull.length > 0) say(plain(holds));
      if (!isCleared) say(plain(translate('audit.erase.not_cleared')));
      return exitCodes.clean;
    }
    case 'still_open':
      throw new Failure(translate('audit.erase.still_open', { request }));
    case 'nothing_to_erase':
      throw new Failure(inFull.length > 0 ? holds : translate('audit.erase.nothing', { request }));
    // It was there before: the bot ignores it.
    case 'no_such_request':
      throw new Failure(translate('audit.erase.not_own', { request, command: [code(`npm run verify -- ${request}`)] }));
    case 'forged':
      throw new UsageFailure(translate('audit.erase.other_key'));
    case undefined:
      remark(plain(translate('audit.erase.ordered', { request, command })));
      return exitCodes.crash;
    default:
      return answer satisfies never;
  }
}
