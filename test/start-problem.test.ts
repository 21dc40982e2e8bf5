import { expect, it } from '@jest/globals';
import { translatorFor } from '../src/locales/translator.ts';
import { LedgerNewerError } from '../src/requests/ledger/migrations.ts';
import { DatabaseRefusedError } from '../src/requests/ledger/open-ledger.ts';
import {
  DatabaseRightsError,
  OtherSchemaError,
  SchemaTakenError,
  TwoLedgersError,
} from '../src/requests/ledger/postgres-schema.ts';
import { LedgerInUseError } from '../src/requests/ledger/sqlite.ts';
import { OrgWideTokenError, SlackRefusedError } from '../src/slack/identity.ts';
import { ListenError } from '../src/slack/transport/http-server.ts';
import { startProblem } from '../src/start-problem.ts';

const withCode = (code: string) => Object.assign(new Error('quotes the value of a setting'), { code });
const listening = (setting: 'PORT' | 'METRICS_PORT', code: string) => new ListenError(setting, withCode(code));

it.each<[Error, string, string]>([
  [new LedgerInUseError(), 'DATABASE_URL', 'another campaign-wf is using'],
  [new LedgerNewerError(), 'DATABASE_URL', 'a newer campaign-wf'],
  [
    new DatabaseRightsError('permission denied'),
    'DATABASE_URL',
    'may not make the ledger’s tables: permission denied.',
  ],
  [new SchemaTakenError('public', 'events'), 'DATABASE_URL', 'public.events belongs to another application'],
  [new TwoLedgersError(['one', 'two']), 'DATABASE_URL', 'in the schemas one, two'],
  [new OtherSchemaError(['one', 'two']), 'DATABASE_URL', 'in another schema (one, two)'],
  [new DatabaseRefusedError('no such user'), 'DATABASE_URL', 'does not let campaign-wf in: no such user.'],
  [new SlackRefusedError('SLACK_BOT_TOKEN', 'invalid_auth'), 'SLACK_BOT_TOKEN', 'refused by Slack (invalid_auth)'],
  [new SlackRefusedError('SLACK_APP_TOKEN', 'missing_scope'), 'SLACK_APP_TOKEN', 'refused by Slack (missing_scope)'],
  [new OrgWideTokenError(), 'SLACK_BOT_TOKEN', 'for a whole organization'],
  ...['EADDRINUSE', 'EACCES', 'EPERM'].flatMap((code): [Error, string, string][] => [
    [listening('PORT', code), 'PORT', `cannot be listened on (${code})`],
    [listening('METRICS_PORT', code), 'METRICS_PORT', `cannot be listened on (${code})`],
  ]),
  ...['EADDRNOTAVAIL', 'EINVAL', 'EAFNOSUPPORT', 'ENOTFOUND', 'EAI_AGAIN'].map((code): [Error, string, string] => [
    listening('PORT', code),
    'HOST',
    `cannot be listened on (${code})`,
  ]),
  ...['ERR_SQLITE_ERROR', 'ENOENT', 'EACCES', 'EPERM', 'EEXIST', 'ENOTDIR', 'EROFS', 'ENOSPC'].map(
    (code): [Error, string, string] => [withCode(code), 'DATABASE_URL', `cannot be opened (${code})`],
  ),
])('a start that fails with %s names %s, and says: %s', (error, name, what) => {
  const problem = startProblem(error, translatorFor('en'));
  expect(problem).toEqual({ name, what: expect.stringContaining(what) });
  expect(problem?.what).not.toContain('quotes the value');
});

it.each([[new Error('a fault')], [withCode('EMFILE')], [listening('PORT', 'EMFILE')], ['no error']])(
  'any other failure is no problem of a setting: %s',
  (error) => expect(startProblem(error, translatorFor('en'))).toBeNull(),
);
