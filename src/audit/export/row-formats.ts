import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { type Cell, columns, type Row } from './row.ts';

export const formats = ['csv', 'jsonl'] as const;
export type Format = (typeof formats)[number];

type Destination = { readonly stream: Writable; readonly isClosed: boolean };

/** Writes pages of rows, each as one piece of text, no faster than they are taken. */
export async function writePages(
  pages: AsyncIterable<readonly Row[]>,
  format: { readonly kind: Format; readonly hasBom: boolean },
  to: Destination,
): Promise<void> {
  const texts = format.kind === 'csv' ? csvOf(pages, format.hasBom) : jsonLinesOf(pages);
  await pipeline(Readable.from(texts), to.stream, { end: to.isClosed });
}

/** CSV as in RFC 4180: a header, CRLF, and quotes where needed. A cell that a spreadsheet would compute gets an apostrophe. */
async function* csvOf(pages: AsyncIterable<readonly Row[]>, hasBom: boolean): AsyncGenerator<string> {
  const options = { record_delimiter: 'windows', escape_formulas: true } as const;
  yield stringify([[...columns]], { ...options, bom: hasBom });
  for await (const rows of pages) {
    yield stringify(
      rows.map((row) => columns.map((column) => written(row[column]))),
      options,
    );
  }
}

function written(cell: Cell): string {
  if (cell === null) return '';
  return Array.isArray(cell) ? cell.join('; ') : String(cell);
}

/** JSON Lines: an object with the same fields in each line, with numbers, lists and null. */
async function* jsonLinesOf(pages: AsyncIterable<readonly Row[]>): AsyncGenerator<string> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
