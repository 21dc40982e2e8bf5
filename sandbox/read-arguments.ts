import { parseArgs } from 'node:util';

export type Arguments =
  | { readonly does: 'converse' | 'tour'; readonly mode: 'http' | 'socket' }
  /** `port` 0: a free one. */
  | { readonly does: 'campaign_only'; readonly port: number };

export const usage = `npm run sandbox                        a pretend Slack and Campaign with the real bot; type commands at it
npm run sandbox -- --tour              plays a conversation, prints it, and exits 0 if all ended as it should
npm run sandbox -- --mode socket       the same over Socket Mode (otherwise HTTP)
npm run sandbox -- --campaign-only     only the pretend Campaign, for other clients; says how to reach it
npm run sandbox -- --campaign-only --port 8300
                                       the same on this port, from 1 to 65535 (otherwise a free one)`;

const options = {
  tour: { type: 'boolean', default: false },
  mode: { type: 'string' },
  'campaign-only': { type: 'boolean', default: false },
  port: { type: 'string' },
} as const;

/** Null for anything that the usage does not name. */
export function readArguments(args: readonly string[]): Arguments | null {
  try {
    const { tour, mode, port, 'campaign-only': campaignOnly } = parseArgs({ args: [...args], options }).values;
    if (campaignOnly) return tour || mode !== undefined ? null : campaignOnlyAt(port);
    return port === undefined ? withBot(tour ? 'tour' : 'converse', mode) : null;
  } catch {
    return null;
  }
}

function withBot(does: 'converse' | 'tour', mode = 'http'): Arguments | null {
  return mode === 'http' || mode === 'socket' ? { does, mode } : null;
}

function campaignOnlyAt(text: string | undefined): Arguments | null {
  if (text === undefined) return { does: 'campaign_only', port: 0 };
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? { does: 'campaign_only', port } : null;
}
