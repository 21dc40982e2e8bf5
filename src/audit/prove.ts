import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describeIntegrityProblem, exitCodes } from '../command-line.ts';
import { code } from '../locales/phrase.ts';
import { plain } from '../locales/translator.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { type AuditContext, auditCommand } from './audit-command.ts';
import { Failure } from './failure.ts';
import { type OutputFile, writeText } from './output-file.ts';
import type { ProofDocument } from './proof/proof-document.ts';
import { type Proved, proveRequest } from './proof/prove-request.ts';
import { requestIdOf, unknownRequest } from './request-id.ts';
import { withLedger } from './with-ledger.ts';

/** `prove 7K3M9QPA`: a document that anybody can check without this ledger. Exit code 1 if there is nothing to prove. */
export const proveCommand = auditCommand({
  name: 'prove',
  summary: 'audit.prove.summary',
  argument: { name: 'ID', isRequired: true, about: 'audit.show.request' },
  options: {
    output: { type: 'string', value: 'FILE', about: 'audit.output' },
    force: { type: 'boolean', about: 'audit.force' },
  },
  run({ output, force: mayReplace = false }, typed, context) {
    const id = requestIdOf(typed ?? '', context.translator);
    const key = context.logKey();
    return withLedger(context, async (engine) => {
      const proved = await onceSealed(() => proveRequest(engine, id, key));
      const document = await documentOf(proved, { engine, id, context });
      const file = output === undefined ? null : { path: resolve(output), mayReplace };
      return write(document, file, context);
    });
  },
});

/** The bot seals within a second. */
const attempts = 8;
const betweenAttemptsMs = 250;

async function onceSealed(prove: () => Promise<Proved>): Promise<Proved> {
  let proved = await prove();
  for (let count = 1; proved.kind === 'waiting' && count < attempts; count++) {
    await wait(betweenAttemptsMs);
    proved = await prove();
  }
  return proved;
}

type Asked = { readonly engine: Engine; readonly id: string; readonly context: AuditContext };

/** Throws a Failure where there is none. */
async function documentOf(proved: Proved, { engine, id, context }: Asked): Promise<ProofDocument> {
  const { translator } = context;
  const command = [code('npm run verify')];
  switch (proved.kind) {
    case 'proved':
      return proved.document;
    case 'unknown':
      throw await unknownRequest(engine, id, translator);
    case 'waiting':
      throw new Failure(translator.translate('audit.prove.waiting', { request: id, events: proved.events }));
    case 'flawed':
      throw new Failure(
        `${describeIntegrityProblem(translator, id, proved.problem)} ${plain(translator.translate('audit.prove.flawed', { command }))}`,
      );
    case 'log_flawed':
      throw new Failure(translator.translate('audit.prove.log_flawed', { command }));
    default:
      return proved satisfies never;
  }
}

async function write(document: ProofDocument, file: OutputFile | null, context: AuditContext): Promise<number> {
  const { translator, remark, say } = context;
  const text = JSON.stringify(document, null, 2);
  if (file === null) {
    say(text);
    return exitCodes.clean;
  }
  await writeText(file, context, `${text}\n`);
  const { path } = file;
  const { request, events } = document;
  const command = [code(`npm run audit -- check ${path}`)];
  remark(plain(translator.translate('audit.prove.written', { request, events: events.length, path, command })));
  return exitCodes.clean;
}
