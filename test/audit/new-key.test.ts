import { expect, it } from '@jest/globals';
import { formatVerifierKey, readSigningKey, readVerifierKey, verifierKeyOf } from '../../src/transparency-log/keys.ts';
import { newLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { runAudit, urlOf } from './run-audit.ts';

it('a new key signs a log that verify accepts with this key alone', async () => {
  const made = await runAudit('', ['new-key']);
  expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('Keep the first line secret')]);
  const [setting = '', verifier = '', ...rest] = made.stdout.split('\n');
  expect(rest).toEqual(['']);
  const [, text = ''] = /^CAMPAIGN_WF_LOG_KEY=(.*)$/.exec(setting) ?? [];
  const logKey = readSigningKey(text);
  if (logKey === null) throw new Error(`this is no key: ${text}`);
  expect(formatVerifierKey(verifierKeyOf(logKey))).toBe(verifier);
  expect(readVerifierKey(verifier)?.name).toMatch(/^campaign-wf\/[0-9a-f]{16}$/);

  await using opened = await newLedger('sqlite', { logKey });
  await storeRequest(opened.ledger, submission('7K3M9QPA'));
  await opened.ledger.seal();
  const own = await runAudit(urlOf(opened), ['verify'], { logKey: text });
  expect(own).toMatchObject({ code: 0, stdout: expect.stringContaining('The log with 3 places is whole.') });
  const other = (await runAudit('', ['new-key'])).stdout.split('\n')[0]?.replace('CAMPAIGN_WF_LOG_KEY=', '');
  const verified = await runAudit(urlOf(opened), ['verify'], other === undefined ? {} : { logKey: other });
  expect(verified.code).toBe(1);
  expect(verified.stdout).toContain('Log: the key that began last is not the one in CAMPAIGN_WF_LOG_KEY.');
  const unusable = await runAudit(urlOf(opened), ['verify'], { logKey: 'secret' });
  expect(unusable).toMatchObject({ code: 2, stderr: expect.stringContaining('It begins with PRIVATE+KEY+.') });
  expect(unusable.stderr).not.toContain('secret');
});

it('two keys are never the same', async () => {
  const keys = await Promise.all([1, 2].map(() => runAudit('', ['new-key'])));
  expect(new Set(keys.map(({ stdout }) => stdout)).size).toBe(2);
});
