import { plain, type Words } from './locales/words.ts';
import { LedgerInUseError } from './requests/ledger/sqlite.ts';
import type { Problem } from './settings/read-settings.ts';
import { SlackRefusedError } from './slack/identity.ts';

/** A setting that looked right and turned out not to work, said like any other; null for what is no matter of settings. */
export function startProblem(error: unknown, words: Words): Problem | null {
  if (error instanceof LedgerInUseError) {
    return { name: 'DATABASE_URL', what: plain(words.say('settings.database_in_use')) };
  }
  if (error instanceof SlackRefusedError) {
    return { name: 'SLACK_BOT_TOKEN', what: plain(words.say('settings.slack_refused', { detail: error.message })) };
  }
  if (!(error instanceof Error) || !('code' in error)) return null;
  const detail = error.message;
  if (error.code === 'ERR_SQLITE_ERROR' || isOfFiles(error.code)) {
    return { name: 'DATABASE_URL', what: plain(words.say('settings.database_unusable', { detail })) };
  }
  return isOfListening(error.code)
    ? { name: 'PORT', what: plain(words.say('settings.port_unusable', { detail })) }
    : null;
}

function isOfFiles(code: unknown): boolean {
  return code === 'ENOENT' || code === 'EACCES' || code === 'EEXIST' || code === 'ENOTDIR' || code === 'EROFS';
}

function isOfListening(code: unknown): boolean {
  return code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND';
}
