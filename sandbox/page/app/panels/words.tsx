import type { Phrase, Piece } from '../../../../src/locales/phrase.ts';
import type { Named, Snapshot } from '../../snapshot.ts';
import { dateAndTime, fullDate } from '../time-format.ts';

type Known = Snapshot['known'];

/** A sentence of the record, with the names of people, groups and channels. */
export function Words({ phrase, known }: { phrase: Phrase; known: Known }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a phrase never change places
  return phrase.map((piece, at) => <Word key={at} piece={piece} known={known} />);
}

function Word({ piece, known }: { piece: Piece; known: Known }) {
  switch (piece.kind) {
    case 'text':
      return piece.styles?.includes('code') ? <code>{piece.text}</code> : piece.text;
    case 'link':
      return <a href={piece.url}>{piece.text}</a>;
    case 'time':
      return (
        <time dateTime={new Date(piece.at).toISOString()} title={fullDate(piece.at)}>
          {dateAndTime(piece.at)}
        </time>
      );
    case 'user':
      return <span title={piece.id}>{nameOf(piece.id, known.users)}</span>;
    case 'group':
      return <span title={piece.id}>@{nameOf(piece.id, known.groups)}</span>;
    case 'channel':
      return <span title={piece.id}>#{nameOf(piece.id, known.channels)}</span>;
    default:
      return piece satisfies never;
  }
}

export function nameOf(id: string, named: readonly Named[]): string {
  return named.find((one) => one.id === id)?.name ?? id;
}
