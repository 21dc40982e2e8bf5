import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { Policy } from '../access/policy.ts';
import type { Ports } from './ports.ts';
import { decidesOn, type Pressed } from './press.ts';
import type { RecordedRefusal } from './reasons.ts';
import type { Request } from './request.ts';
import { mayDecide, recordedRefusal } from './steps/rights.ts';

/** A press that only repeats one that was refused, and for which the same refusal still holds. */
export type RepeatedPress = {
  readonly kind: 'refused_again';
  readonly request: Request;
  readonly refusal: RecordedRefusal;
};

/** How long the judgement of a repeated press holds for the next ones: whoever gets the right meanwhile presses again. */
const judgementHoldsMs = 5_000;

/** Slack waits three seconds, and the press may still have to be recorded: what is not known by then is recorded. */
const knownWithinMs = 500;

type Needs = Parameters<typeof mayDecide>[2] & { readonly ledger: Pick<Ports['ledger'], 'load' | 'lastFreeze'> };

type Judged = { readonly policy: Policy; readonly refusal: Promise<RecordedRefusal | null> };

/**
 * Finds out, without writing anything, whether a press only repeats a refused one. Null where it has to be recorded:
 * it may count, or nobody knows in time.
 *
 * @param clock milliseconds from any beginning
 */
export function createRepeatedPresses(needs: Needs, repeated: () => void, clock = () => performance.now()) {
  const judgements = new LRUCache<string, Judged>({
    max: 10_000,
    ttl: judgementHoldsMs,
    ttlResolution: 0,
    perf: { now: clock },
  });

  async function refusalNow(
    request: Request,
    { by, choice, fromTeam: team }: Pressed,
  ): Promise<RecordedRefusal | null> {
    const { press } = await mayDecide(request, { by, choice, ...(team !== undefined && { team }) }, needs);
    return press.permitted ? null : recordedRefusal(press.refusal);
  }

  function judged(request: Request, pressed: Pressed): Promise<RecordedRefusal | null> {
    const key = [request.id, pressed.by, pressed.choice, pressed.fromTeam].join(' ');
    const policy = needs.policy();
    const known = judgements.get(key);
    if (known?.policy === policy) return known.refusal;
    const refusal = refusalNow(request, pressed);
    judgements.set(key, { policy, refusal });
    return refusal;
  }

  async function find(pressed: Pressed): Promise<RepeatedPress | null> {
    const request = await needs.ledger.load(pressed.request);
    if (request === null || !decidesOn(request, pressed, needs.now())) return null;
    const before = request.refusedBefore.find(({ by, choice }) => by === pressed.by && choice === pressed.choice);
    // A look-up that failed is made again for as long as the press may count.
    if (before === undefined || before.refusal.reason === 'lookup_failed') return null;
    const refusal = await judged(request, pressed);
    return isDeepStrictEqual(refusal, before.refusal)
      ? { kind: 'refused_again', request, refusal: before.refusal }
      : null;
  }

  return async (pressed: Pressed): Promise<RepeatedPress | null> => {
    const found = find(pressed).catch(() => null);
    const known = await Promise.race([found, wait(knownWithinMs, null, { ref: false })]);
    if (known !== null) repeated();
    return known;
  };
}
