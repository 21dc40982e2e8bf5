import { Temporal } from 'temporal-polyfill';
import { code } from '../../locales/phrase.ts';
import type { Translator } from '../../locales/translator.ts';
import type { Period } from '../../requests/ledger/period.ts';
import { UsageFailure } from '../failure.ts';

/** A date, or a date and a time of day, without a zone. */
const local = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;

type Typed = { readonly from?: string; readonly to?: string; readonly zone?: string };

/**
 * The period that was typed, from `from` to before `to`. A moment is in ISO 8601 with an offset (`+01:00`, `Z`) or, in
 * brackets, the zone's name (RFC 9557); without either it is in `zone`, or else in UTC.
 */
export function readPeriod({ from, to, zone = 'UTC' }: Typed, translator: Translator): Period {
  if (!isZone(zone)) throw new UsageFailure(translator.translate('audit.export.bad_zone', { typed: [code(zone)] }));
  const period = {
    from: from === undefined ? 0 : momentOf(from, zone, translator),
    to: to === undefined ? Number.MAX_SAFE_INTEGER : momentOf(to, zone, translator),
  };
  if (period.from >= period.to) throw new UsageFailure(translator.translate('audit.export.no_period'));
  return period;
}

function momentOf(typed: string, zone: string, translator: Translator): number {
  try {
    return epochMs(typed, zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageFailure(translator.translate('audit.export.bad_moment', { typed: [code(typed)] }));
  }
}

/** Throws a RangeError for what is no moment. */
function epochMs(typed: string, zone: string): number {
  if (local.test(typed)) return Temporal.PlainDateTime.from(typed).toZonedDateTime(zone).epochMilliseconds;
  if (typed.includes('[')) return Temporal.ZonedDateTime.from(typed).epochMilliseconds;
  return Temporal.Instant.from(typed).epochMilliseconds;
}

function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
