import { normalizeRequestId } from '../commands/vocabulary/ids.ts';
import { code } from '../locales/phrase.ts';
import type { Translator } from '../locales/translator.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { nearestRequest } from '../requests/ledger/nearest-request.ts';
import { joined } from '../slack/messages/message-context.ts';
import { Failure, UsageFailure } from './failure.ts';

/** The ID of a request as it was typed. Throws a UsageFailure for what is none. */
export function requestIdOf(typed: string, { translate }: Translator): string {
  const id = normalizeRequestId(typed);
  if (id === null) throw new UsageFailure(translate('audit.not_an_id', { typed: [code(typed)] }));
  return id;
}

/** There is no such request; the nearest one is named. */
export async function unknownRequest({ db }: Engine, id: string, { translate }: Translator): Promise<Failure> {
  const nearest = await nearestRequest(db, id);
  return new Failure(
    joined(
      translate('verify.flaw.unknown', { request: id }),
      nearest === null ? null : translate('usage.did_you_mean', { suggestion: [code(nearest)] }),
    ),
  );
}
