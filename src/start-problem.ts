import { plain, type Words } from './locales/words.ts';
import { LedgerNewerError } from './requests/ledger/migrations.ts';
import { DatabaseRefusedError } from './requests/ledger/open-ledger.ts';
import { DatabaseRightsError, SchemaTakenError, TwoLedgersError } from './requests/ledger/postgres-schema.ts';
import { LedgerInUseError } from './requests/ledger/sqlite.ts';
import type { SettingName } from './settings/environment.ts';
import type { Problem } from './settings/problem.ts';
import { OrgWideTokenError, SlackRefusedError } from './slack/identity.ts';

/** What the operating system says of an address or a file, by the setting that it belongs to. */
const settingOf: Record<string, SettingName> = {
  EADDRINUSE: 'PORT',
  EADDRNOTAVAIL: 'HOST',
  ENOTFOUND: 'HOST',
  EAI_AGAIN: 'HOST',
  ERR_SQLITE_ERROR: 'DATABASE_URL',
  ENOENT: 'DATABASE_URL',
  EACCES: 'DATABASE_URL',
  EPERM: 'DATABASE_URL',
  EEXIST: 'DATABASE_URL',
  ENOTDIR: 'DATABASE_URL',
  EROFS: 'DATABASE_URL',
  ENOSPC: 'DATABASE_URL',
};

/** A setting that looked right and turned out not to work, said like any other; null for what is no matter of settings. */
export function startProblem(error: unknown, words: Words): Problem | null {
  if (error instanceof LedgerInUseError) {
    return { name: 'DATABASE_URL', what: plain(words.say('settings.database_in_use')) };
  }
  if (error instanceof LedgerNewerError) {
    return { name: 'DATABASE_URL', what: plain(words.say('settings.database_newer')) };
  }
  if (error instanceof DatabaseRightsError) {
    const told = { detail: error.message, statement: 'create schema campaign_wf authorization …' };
    return { name: 'DATABASE_URL', what: plain(words.say('settings.database_no_right', told)) };
  }
  if (error instanceof SchemaTakenError) {
    return { name: 'DATABASE_URL', what: plain(words.say('settings.database_taken', { table: error.table })) };
  }
  if (error instanceof TwoLedgersError) {
    const schemas = error.schemas.join(', ');
    return { name: 'DATABASE_URL', what: plain(words.say('settings.database_two_ledgers', { schemas })) };
  }
  if (error instanceof DatabaseRefusedError) {
    return { name: 'DATABASE_URL', what: plain(words.say('settings.database_refused', { detail: error.message })) };
  }
  if (error instanceof SlackRefusedError) {
    return { name: error.setting, what: plain(words.say('settings.slack_refused', { detail: error.message })) };
  }
  if (error instanceof OrgWideTokenError) {
    return { name: 'SLACK_BOT_TOKEN', what: plain(words.say('settings.slack_org_wide')) };
  }
  if (!Error.isError(error) || !('code' in error)) return null;
  return outsideProblem(error, String(error.code), words);
}

/** The message of such an error quotes what the setting was set to, which may be anything: only its name is told. */
function outsideProblem(error: Error, code: string, words: Words): Problem | null {
  const ofListening = 'syscall' in error && error.syscall === 'listen';
  const name = ofListening && code === 'EACCES' ? 'PORT' : settingOf[code];
  if (name === undefined) return null;
  const key = name === 'DATABASE_URL' ? 'settings.database_unusable' : 'settings.address_unusable';
  return { name, what: plain(words.say(key, { detail: code })) };
}
