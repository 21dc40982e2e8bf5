import { resolve } from 'node:path';
import { exitCodes } from '../command-line.ts';
import { code } from '../locales/phrase.ts';
import { plain } from '../locales/translator.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import type { Checkpoint } from '../requests/ledger/log/checkpoints.ts';
import { newestCheckpointFor } from '../requests/ledger/log/own-checkpoint.ts';
import type { GivenCheckpoint } from '../requests/ledger/log/verify-log.ts';
import { shortCheckpoint } from '../transparency-log/checkpoint.ts';
import { type AuditContext, auditCommand } from './audit-command.ts';
import { Failure } from './failure.ts';
import { givenCheckpoint } from './given-checkpoints.ts';
import { writeText } from './output-file.ts';
import { type ConsistencyDocument, growthIn, relationTo } from './proof/consistency.ts';
import { withLedger } from './with-ledger.ts';

/** `checkpoint`: the newest one as text, or with the proof that the log has grown from an earlier one. */
export const checkpointCommand = auditCommand({
  name: 'checkpoint',
  summary: 'audit.checkpoint.summary',
  argument: null,
  options: {
    since: { type: 'string', value: 'FILE-OR-CHECKPOINT', about: 'audit.checkpoint.since' },
    out: { type: 'string', value: 'FILE', about: 'audit.output' },
    force: { type: 'boolean', about: 'audit.force' },
  },
  async run({ since, out, force: mayReplace = false }, _argument, context) {
    const given = since === undefined ? null : await givenCheckpoint(since, context);
    return withLedger(context, async (engine) => {
      const newest = await newestOf(engine, context);
      const text = given === null ? newest.note : await growthText(engine, newest, given, context);
      const { say, remark, translator } = context;
      const own = shortCheckpoint(newest);
      if (out === undefined) {
        say(text.trimEnd());
        remark(plain(translator.translate('audit.checkpoint.short', { own })));
        return exitCodes.clean;
      }
      const path = resolve(out);
      await writeText({ path, mayReplace }, context, text);
      remark(plain(translator.translate('audit.checkpoint.written', { own, path })));
      return exitCodes.clean;
    });
  },
});

/** With the bot's key, the newest one that it has signed. The migration records the first one, so that a log without any was changed. */
async function newestOf({ db }: Engine, { logKey, translator }: AuditContext): Promise<Checkpoint> {
  const newest = await newestCheckpointFor(db, { key: logKey() });
  if (newest !== null) return newest;
  throw new Failure(translator.translate('audit.prove.log_flawed', { command: [code('npm run verify')] }));
}

/** How the log has grown since the given checkpoint, as a document. Throws a Failure if it has not. */
async function growthText(
  { db }: Engine,
  newest: Checkpoint,
  given: GivenCheckpoint,
  { translator }: AuditContext,
): Promise<string> {
  const { size, root, note } = newest;
  const growth = given.size > size ? null : await growthIn(db, given.size, size);
  const relation = relationTo({ size, root: Buffer.from(root, 'hex') }, given, growth);
  if (growth === null || relation === 'unproved') {
    const named = { given: shortCheckpoint(given), own: shortCheckpoint(newest) };
    throw new Failure(translator.translate('audit.checkpoint.not_since', named));
  }
  const document: ConsistencyDocument = {
    format: 'campaign-wf consistency v1',
    checkpoint: note,
    since: { size: growth.first.size, root: growth.first.root.toString('hex') },
    proof: growth.proof.map((hash) => hash.toString('hex')),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
