import { describeIntegrityProblem, exitCodes } from '../command-line.ts';
import { normalizeRequestId } from '../commands/vocabulary/ids.ts';
import { plain } from '../locales/translator.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { type VerifiedRequest, verify } from '../requests/ledger/integrity.ts';
import { type AuditContext, auditCommand } from './command.ts';
import { withLedger } from './ledger.ts';

/** `verify`, or `verify 7K3M9QPA`: checks the integrity of the record. */
export const verifyCommand = auditCommand({
  name: 'verify',
  summary: 'audit.verify.summary',
  argument: { name: 'ID', isRequired: false, about: 'audit.verify.request' },
  options: {},
  run: (_given, id, context) => withLedger(context, (engine) => report(engine, id, context)),
});

/** Prints each problem as it is found, and a summary at the end. */
async function report(engine: Engine, id: string | null, context: AuditContext): Promise<number> {
  const sum = { requests: 0, events: 0, flawed: 0 };
  for await (const verified of verify(engine, id === null ? null : (normalizeRequestId(id) ?? id))) {
    const { request, problems, events } = verified;
    if (id !== null) for (const line of eventLines(verified)) context.say(line);
    for (const problem of problems) context.say(describeIntegrityProblem(context.translator, request, problem));
    sum.requests += 1;
    sum.events += events.length;
    sum.flawed += Math.min(problems.length, 1);
  }
  context.say(conclusion(sum, context));
  return sum.flawed === 0 ? exitCodes.clean : exitCodes.crash;
}

type Sum = { readonly requests: number; readonly events: number; readonly flawed: number };

function conclusion({ requests, events, flawed }: Sum, { translator }: AuditContext): string {
  if (flawed === 0) return plain(translator.translate('verify.sound', { requests, events }));
  return plain(translator.translate('verify.unsound', { flawed, requests }));
}

/** With their digests, for comparison with the copies in the channel. */
function eventLines({ events }: VerifiedRequest): readonly string[] {
  return events.map(
    ({ sequence, at, type, digest }) =>
      `${String(sequence).padStart(3)}  ${new Date(at).toISOString()}  ${type.padEnd(14)}  ${digest}`,
  );
}
