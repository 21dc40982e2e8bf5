import { describeIntegrityProblem, exitCodes } from '../command-line.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { type VerifiedRequest, verify } from '../requests/ledger/integrity.ts';
import { withTexts } from '../requests/ledger/with-texts.ts';
import { replay } from '../requests/replay.ts';
import type { SigningKey } from '../transparency-log/keys.ts';
import { type AuditContext, auditCommand } from './audit-command.ts';
import { requestIdOf, unknownRequest } from './request-id.ts';
import { tellRequest, terminalContext } from './story/tell-request.ts';
import { withLedger } from './with-ledger.ts';

/** `show 7K3M9QPA`: tells a request from the command to its outcome. Exit code 1 if its record does not hold. */
export const showCommand = auditCommand({
  name: 'show',
  summary: 'audit.show.summary',
  argument: { name: 'ID', isRequired: true, about: 'audit.show.request' },
  options: {},
  run(_given, typed, context) {
    const id = requestIdOf(typed ?? '', context.translator);
    const key = context.logKey();
    return withLedger(context, (engine) => show(engine, { id, key }, context));
  },
});

type Wanted = { readonly id: string; readonly key: SigningKey | null };

async function show(engine: Engine, { id, key }: Wanted, context: AuditContext): Promise<number> {
  const { translator, say } = context;
  for await (const verified of verify(engine, id, key)) {
    const { problems } = verified;
    if (problems.some(({ kind }) => kind === 'unknown')) throw await unknownRequest(engine, id, translator);
    // First, so that nobody reads on as if it were true.
    for (const problem of problems) say(describeIntegrityProblem(translator, id, problem));
    if (problems.length > 0) say('');
    for (const line of storyOf(verified, context)) say(line);
    if (problems.length > 0) return exitCodes.crash;
  }
  return exitCodes.clean;
}

function storyOf(
  { events: stored, texts, problems }: VerifiedRequest,
  { translator }: AuditContext,
): readonly string[] {
  try {
    const events = withTexts(stored, texts);
    const request = replay(events);
    return tellRequest({ request, context: terminalContext(translator, request) }, events);
  } catch (error) {
    // Events that were changed can say anything, also what makes no request.
    if (problems.length > 0) return [];
    throw error;
  }
}
