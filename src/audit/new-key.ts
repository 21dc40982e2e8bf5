import { randomBytes } from 'node:crypto';
import { exitCodes } from '../command-line.ts';
import { plain } from '../locales/translator.ts';
import { formatSigningKey, formatVerifierKey, generateKey, verifierKeyOf } from '../transparency-log/keys.ts';
import { auditCommand } from './audit-command.ts';

/** `new-key`: a key for CAMPAIGN_WF_LOG_KEY. A log that begins with it takes its name. */
export const newKeyCommand = auditCommand({
  name: 'new-key',
  summary: 'audit.new_key.summary',
  argument: null,
  options: {},
  async run(_given, _argument, { say, remark, translator }) {
    const key = generateKey(`campaign-wf/${randomBytes(8).toString('hex')}`);
    say(`CAMPAIGN_WF_LOG_KEY=${formatSigningKey(key)}`);
    say(formatVerifierKey(verifierKeyOf(key)));
    remark(plain(translator.translate('audit.new_key.keep')));
    return exitCodes.clean;
  },
});
