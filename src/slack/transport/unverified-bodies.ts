/** All that has been read of requests whose signature is not verified yet, in memory at the same time. */
const budgetBytes = 20_000_000;

/** What a chunk costs beside its bytes, so that bodies in tiny chunks cannot hold many times what they count for. */
const chunkCostBytes = 256;

export type UnverifiedBodies = {
  /** @param drop called when this body has to make room; nothing of it may be kept then */
  begin(drop: () => void): { add(bytes: number): void; end(): void };
};

type Body = { bytes: number; readonly drop: () => void };

/** Shares one budget. Over it, the largest body makes room: Slack's are a few kilobytes, and so never wait for those of others. */
export function createUnverifiedBodies(limitBytes = budgetBytes): UnverifiedBodies {
  const bodies = new Set<Body>();
  let total = 0;

  function end(body: Body): void {
    if (bodies.delete(body)) total -= body.bytes;
  }

  function makeRoom(): void {
    while (total > limitBytes) {
      const largest = [...bodies].reduce((one, other) => (other.bytes > one.bytes ? other : one));
      end(largest);
      largest.drop();
    }
  }

  return {
    begin(drop) {
      const body = { bytes: 0, drop };
      bodies.add(body);
      return {
        add(bytes) {
          if (!bodies.has(body)) return;
          body.bytes += bytes + chunkCostBytes;
          total += bytes + chunkCostBytes;
          makeRoom();
        },
        end: () => end(body),
      };
    },
  };
}
