import { z } from 'zod';
import { foreign } from '../../locales/phrase.ts';
import { locales, plain, translatorFor } from '../../locales/translator.ts';
import type { GivenCheckpoint } from '../../requests/ledger/log/verify-log.ts';
import { type Outcome, outcomes } from '../../requests/outcome.ts';
import { requestNamed } from '../../slack/names.ts';

/** The last line of an announcement or outcome: "7K3M9QPA · outcome accepted · record 1234·9ae1c38a01b2c3d4". */
export type SmallPrint = {
  readonly request: string;
  /** Null where the line is of another version. */
  readonly kind: 'announcement' | 'outcome' | null;
  readonly outcome: Outcome | null;
  readonly record: GivenCheckpoint | null;
};

const contextBlock = z.object({
  type: z.literal('context'),
  block_id: z.string(),
  elements: z.array(z.object({ text: z.string() })),
});

/** The line in the block that names the request. Null where there is none. */
export function smallPrintIn({ blocks = [] }: { readonly blocks?: readonly unknown[] | undefined }): SmallPrint | null {
  for (const block of blocks) {
    const { data } = contextBlock.safeParse(block);
    const request = data === undefined ? null : requestNamed(data.block_id);
    if (data !== undefined && request !== null) {
      return readLine(request, data.elements.map(({ text }) => text).join(' '));
    }
  }
  return null;
}

/** Ends with a checkpoint, as `shortRecord` writes it. */
const recordAtEnd = /(?<size>[1-9]\d{0,14})·(?<root>[0-9a-f]{16})\s*$/;

function readLine(named: string, line: string): SmallPrint {
  const { size, root } = recordAtEnd.exec(line)?.groups ?? {};
  const record = size === undefined || root === undefined ? null : { size: Number(size), root };
  const shown = line.trim().replace(recordAtEnd, sample.record).replace(named, sample.id).replace(wordBefore, '');
  // The name of the block is not visible: people read the line.
  const request = line.includes(named) ? named : '';
  return { request, record, ...(lines().get(shown) ?? { kind: null, outcome: null }) };
}

const anyRecord = /(?<![\d·])(?<size>[1-9]\d{0,14})·(?<root>[0-9a-f]{16})(?![0-9a-f])/;

/** The checkpoint in a text that names no request, such as that of a day. */
export function recordIn(text: string): GivenCheckpoint | null {
  const { size, root } = anyRecord.exec(text)?.groups ?? {};
  return size === undefined || root === undefined ? null : { size: Number(size), root };
}

/** Earlier versions began with a word: "Request 7K3M9QPA · …". */
const wordBefore = /^\p{L}+ (?=<id>)/u;

type Line = Pick<SmallPrint, 'kind' | 'outcome'>;

const sample = { id: '<id>', record: '<record>' };

let known: ReadonlyMap<string, Line> | null = null;

/** What each line says, in every language: the configured one can have changed since. */
function lines(): ReadonlyMap<string, Line> {
  known ??= new Map(locales.flatMap(linesIn));
  return known;
}

function linesIn(locale: (typeof locales)[number]): readonly (readonly [string, Line])[] {
  const { translate } = translatorFor(locale);
  const parameters = { id: [foreign(sample.id)], record: sample.record };
  return [
    [plain(translate('announce.record', parameters)), { kind: 'announcement', outcome: null }],
    ...outcomes.map((outcome): [string, Line] => [
      plain(translate('outcome.record', { ...parameters, outcome })),
      { kind: 'outcome', outcome },
    ]),
  ];
}
