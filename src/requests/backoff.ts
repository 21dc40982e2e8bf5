const firstMs = 1_000;
const usualMostMs = 60_000;

/** How long to wait after that many vain attempts: doubling up to a minute, spread by half so that replicas part. */
export function backoffMs(attempts: number, random: number, mostMs = usualMostMs): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempts, 10));
  return Math.round(full * (0.5 + random / 2));
}
