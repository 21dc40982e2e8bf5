import { plain, type Translator } from './locales/translator.ts';
import { WitnessFileError } from './requests/ledger/log/witness-file.ts';
import { LedgerNewerError } from './requests/ledger/migrations.ts';
import { DatabaseRefusedError } from './requests/ledger/open-ledger.ts';
import {
  DatabaseRightsError,
  OtherSchemaError,
  SchemaTakenError,
  TwoLedgersError,
  usualSchema,
} from './requests/ledger/postgres-schema.ts';
import { LedgerInUseError } from './requests/ledger/sqlite.ts';
import type { Problem } from './settings/problem.ts';
import type { SettingName } from './settings/variables.ts';
import { OrgWideTokenError, SlackRefusedError } from './slack/identity.ts';
import { ListenError } from './slack/transport/http-server.ts';

/** Error codes of the operating system for a port and for an address. */
const ofPort: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES', 'EPERM']);
const ofHost: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EINVAL', 'EAFNOSUPPORT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Error codes for the ledger's file. */
const ofFile: ReadonlySet<string> = new Set([
  'ERR_SQLITE_ERROR',
  'ENOENT',
  'EACCES',
  'EPERM',
  'EEXIST',
  'ENOTDIR',
  'EROFS',
  'ENOSPC',
]);

/** A start error as a problem of a setting; null if it is not caused by a setting. */
export function startProblem(error: unknown, translator: Translator): Problem | null {
  if (error instanceof LedgerInUseError) {
    return { name: 'DATABASE_URL', what: plain(translator.translate('settings.database_in_use')) };
  }
  if (error instanceof LedgerNewerError) {
    return { name: 'DATABASE_URL', what: plain(translator.translate('settings.database_newer')) };
  }
  if (error instanceof DatabaseRightsError) {
    const parameters = { detail: error.message, statement: 'create schema campaign_wf authorization …' };
    return { name: 'DATABASE_URL', what: plain(translator.translate('settings.database_no_right', parameters)) };
  }
  if (error instanceof SchemaTakenError) {
    return {
      name: 'DATABASE_URL',
      what: plain(translator.translate('settings.database_taken', { table: error.table })),
    };
  }
  if (error instanceof TwoLedgersError) {
    const schemas = error.schemas.join(', ');
    return { name: 'DATABASE_URL', what: plain(translator.translate('settings.database_two_ledgers', { schemas })) };
  }
  if (error instanceof OtherSchemaError) {
    const told = { schemas: error.schemas.join(', '), usual: usualSchema };
    return { name: 'DATABASE_URL', what: plain(translator.translate('settings.database_other_schema', told)) };
  }
  if (error instanceof DatabaseRefusedError) {
    return {
      name: 'DATABASE_URL',
      what: plain(translator.translate('settings.database_refused', { detail: error.message })),
    };
  }
  if (error instanceof SlackRefusedError) {
    return {
      name: error.setting,
      what: plain(translator.translate('settings.slack_refused', { detail: error.message })),
    };
  }
  if (error instanceof OrgWideTokenError) {
    return { name: 'SLACK_BOT_TOKEN', what: plain(translator.translate('settings.slack_org_wide')) };
  }
  if (error instanceof WitnessFileError) {
    const what = plain(translator.translate('settings.witness_unusable', { code: error.code }));
    return { name: 'CAMPAIGN_WF_WITNESS_FILE', what };
  }
  if (error instanceof ListenError) return addressProblem(error, translator);
  const code = codeOf(error);
  return ofFile.has(code)
    ? { name: 'DATABASE_URL', what: plain(translator.translate('settings.database_unusable', { detail: code })) }
    : null;
}

/** Such an error's message quotes the setting's value, which may be anything, so only the setting's name is shown. */
function addressProblem({ setting, cause }: ListenError, translator: Translator): Problem | null {
  const code = codeOf(cause);
  const name: SettingName | null = ofPort.has(code) ? setting : ofHost.has(code) ? 'HOST' : null;
  return name && { name, what: plain(translator.translate('settings.address_unusable', { detail: code })) };
}

function codeOf(error: unknown): string {
  return Error.isError(error) && 'code' in error ? String(error.code) : '';
}
