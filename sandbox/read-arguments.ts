import { parseArgs } from 'node:util';

export type Arguments =
  | { readonly does: 'tour'; readonly mode: Mode }
  | { readonly does: 'campaign_only'; readonly port: number }
  | { readonly does: 'page'; readonly mode: Mode; readonly port: number; readonly keep: string | null };

type Mode = 'http' | 'socket';

export const usage = `npm run sandbox                        a page with a pretend Slack and Campaign, and the real bot between them
npm run sandbox -- --mode socket       the same over Socket Mode (otherwise HTTP)
npm run sandbox -- --port 8300         at this port, from 1 to 65535 (otherwise a free one)
npm run sandbox -- --keep FOLDER       keeps the ledger, the rules and the conversation there
npm run sandbox -- --tour              plays a conversation, prints it, and exits 0 if all ended as it should
npm run sandbox -- --campaign-only     only the pretend Campaign, for other clients; also takes --port`;

const options = {
  tour: { type: 'boolean', default: false },
  mode: { type: 'string' },
  'campaign-only': { type: 'boolean', default: false },
  port: { type: 'string' },
  keep: { type: 'string' },
} as const;

/** Null for arguments that are not in the usage. */
export function readArguments(args: readonly string[]): Arguments | null {
  try {
    const { tour, 'campaign-only': campaignOnly, ...given } = parseArgs({ args: [...args], options }).values;
    if (tour) return campaignOnly ? null : readTour(given);
    return campaignOnly ? readCampaignOnly(given) : readPage(given);
  } catch {
    return null;
  }
}

type Given = { mode?: string; port?: string; keep?: string | null };

function readTour({ mode, ...others }: Given): Arguments | null {
  const read = modeOf(mode);
  return read === null || Object.keys(others).length > 0 ? null : { does: 'tour', mode: read };
}

function readCampaignOnly({ port, ...others }: Given): Arguments | null {
  const read = portOf(port);
  return read === null || Object.keys(others).length > 0 ? null : { does: 'campaign_only', port: read };
}

function readPage({ mode, port, keep = null }: Given): Arguments | null {
  const read = { mode: modeOf(mode), port: portOf(port) };
  if (read.mode === null || read.port === null || keep === '') return null;
  return { does: 'page', mode: read.mode, port: read.port, keep };
}

function modeOf(text = 'http'): Mode | null {
  return text === 'http' || text === 'socket' ? text : null;
}

/** Default: 0, any free port. */
function portOf(text: string | undefined): number | null {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}
