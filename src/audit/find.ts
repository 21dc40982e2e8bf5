import { exitCodes } from '../command-line.ts';
import { code, type Phrase, time } from '../locales/phrase.ts';
import { plain, type Translator } from '../locales/translator.ts';
import { type FoundDigests, type FoundEvent, findCheckpoint, findDigest } from '../requests/ledger/log/find-digest.ts';
import { logId } from '../requests/ledger/log/log-chain.ts';
import type { CheckpointRow } from '../requests/ledger/tables.ts';
import { joined } from '../slack/messages/message-context.ts';
import { shortCheckpoint } from '../transparency-log/checkpoint.ts';
import { auditCommand } from './audit-command.ts';
import { Failure, UsageFailure } from './failure.ts';
import { withLedger } from './with-ledger.ts';

/** "9ae1c38a…", in any case, or a checkpoint as messages show it. Fewer than six digits would be those of many. */
const digitsForm = /^(?:(?<size>[1-9]\d{0,14})[·:. ])?(?<digits>[0-9a-f]{6,64})(?:…|\.{3})?$/i;

/** Nobody reads more. */
const mostFound = 20;

/** `find 9ae1c38a…`: which event or checkpoint has these first digits. Exit code 1 if none has. */
export const findCommand = auditCommand({
  name: 'find',
  summary: 'audit.find.summary',
  argument: { name: 'DIGITS', isRequired: true, about: 'audit.find.digits' },
  options: {},
  run(_given, typed, context) {
    const { translator, say } = context;
    const { size, digits } = readDigits(typed ?? '', translator);
    return withLedger(context, async ({ db }) => {
      const found =
        size === null
          ? await findDigest(db, digits, mostFound + 1)
          : { events: [], checkpoints: await findCheckpoint(db, size, digits) };
      const lines = describe(found, translator);
      if (lines.length === 0) {
        throw new Failure(translator.translate('audit.find.nothing', { typed: [code(typed ?? '')] }));
      }
      for (const line of lines.slice(0, mostFound)) say(plain(line));
      if (lines.length > mostFound) say(plain(translator.translate('audit.find.more', { most: mostFound })));
      return exitCodes.clean;
    });
  },
});

function readDigits(typed: string, { translate }: Translator): { size: number | null; digits: string } {
  const { size, digits } = digitsForm.exec(typed.trim())?.groups ?? {};
  if (digits === undefined) throw new UsageFailure(translate('audit.find.not_digits', { typed: [code(typed)] }));
  return { size: size === undefined ? null : Number(size), digits: digits.toLowerCase() };
}

function describe({ events, checkpoints }: FoundDigests, translator: Translator): readonly Phrase[] {
  return [
    ...events.map((event) => joined(describeEvent(event, translator), describePlace(event, translator))),
    ...checkpoints.map((checkpoint) => describeCheckpoint(checkpoint, translator)),
  ];
}

function describeEvent({ request, sequence, event }: FoundEvent, { translate }: Translator): Phrase {
  const named = { request, sequence: String(sequence) };
  if (event === null) return translate('audit.find.gone', named);
  const { type, at } = event;
  return request === logId
    ? translate('audit.find.own_event', { sequence: String(sequence), type, at: time(at) })
    : translate('audit.find.event', { ...named, type, at: time(at) });
}

function describePlace({ place, digest }: FoundEvent, { translate }: Translator): Phrase {
  return place === null
    ? translate('audit.find.no_place', { digest })
    : translate('audit.find.place', { place: String(place), digest });
}

function describeCheckpoint({ size, root, at }: CheckpointRow, { translate }: Translator): Phrase {
  return translate('audit.find.checkpoint', { own: shortCheckpoint({ size, root }), size, root, at: time(at) });
}
