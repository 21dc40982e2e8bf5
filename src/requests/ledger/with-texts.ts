import type { RecordedEvent } from '../events.ts';
import { withReason } from '../texts.ts';
import type { TextRow } from './tables.ts';

/** The events of one request with what is kept beside them: what people wrote, and their names as of then. */
export function withTexts(
  events: readonly RecordedEvent[],
  texts: readonly Pick<TextRow, 'sequence' | 'kind' | 'text'>[],
): readonly RecordedEvent[] {
  const textOf = ({ sequence }: RecordedEvent, wanted: TextRow['kind']) =>
    texts.find((text) => text.sequence === sequence && text.kind === wanted)?.text ?? null;
  return events.map((event) => withName(withReason(event, textOf(event, 'reason')), textOf(event, 'name')));
}

function withName(event: RecordedEvent, name: string | null): RecordedEvent {
  if (name === null) return event;
  switch (event.type) {
    case 'requested':
      return { ...event, data: { ...event.data, name } };
    case 'pressed':
      return { ...event, data: { ...event.data, name } };
    default:
      return event;
  }
}
