import type { Ports } from '../ports.ts';
import type { Request } from '../request.ts';
import { limits } from '../retry-policy.ts';
import { mayTakeBack } from './authorization.ts';

/**
 * Whether a press of *Keep running* that has not been judged yet delays the command. Only people who may cancel delay it,
 * and only for a limited time: otherwise anybody could block a stop by pressing again and again.
 *
 * @param since when the command could have been sent, in milliseconds since the epoch
 */
export function isHeldByPress(
  request: Request,
  since: number,
  { directory, now }: Pick<Ports, 'directory' | 'now'>,
): boolean {
  const waitedMs = now() - since;
  return request.presses
    .filter(({ choice }) => choice === 'cancel')
    .map((press) => mayTakeBack(request, press, directory))
    .some((may) => waitedMs < (may === null ? limits.pressHold.unknownMs : may ? limits.pressHold.askedMs : 0));
}
