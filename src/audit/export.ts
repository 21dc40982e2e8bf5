import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { exitCodes } from '../command-line.ts';
import { code } from '../locales/phrase.ts';
import { plain } from '../locales/translator.ts';
import type { Engine } from '../requests/ledger/engine.ts';
import { type Period, requestsOf, type StoredRequest } from '../requests/ledger/period.ts';
import { replay } from '../requests/replay.ts';
import type { Request } from '../requests/request.ts';
import { type AuditContext, auditCommand, type Given } from './audit-command.ts';
import { readFilters } from './export/filters.ts';
import { readPeriod } from './export/read-period.ts';
import { type Row, rowOf } from './export/row.ts';
import { type Format, formats, writePages } from './export/row-formats.ts';
import { UsageFailure } from './failure.ts';
import { oneOf } from './one-of.ts';
import { writeFileWhole } from './output-file.ts';
import { withLedger } from './with-ledger.ts';

const options = {
  from: { type: 'string', value: 'DATE', about: 'audit.export.from' },
  to: { type: 'string', value: 'DATE', about: 'audit.export.to' },
  zone: { type: 'string', value: 'ZONE', about: 'audit.export.zone' },
  workflow: { type: 'string', value: 'NAME', multiple: true, about: 'audit.export.workflow' },
  person: { type: 'string', value: 'ID', multiple: true, about: 'audit.export.person' },
  outcome: { type: 'string', value: 'OUTCOME', multiple: true, about: 'audit.export.outcome' },
  verb: { type: 'string', value: 'VERB', multiple: true, about: 'audit.export.verb' },
  environment: { type: 'string', value: 'NAME', multiple: true, about: 'audit.export.environment' },
  format: { type: 'string', value: 'FORMAT', about: 'audit.export.format' },
  bom: { type: 'boolean', about: 'audit.export.bom' },
  output: { type: 'string', value: 'FILE', about: 'audit.output' },
  force: { type: 'boolean', about: 'audit.force' },
} as const;

/** `export`: one row for each request of a period. Exit code 1 if the events of a request do not make one. */
export const exportCommand = auditCommand({
  name: 'export',
  summary: 'audit.export.summary',
  argument: null,
  options,
  run(given, _argument, context) {
    const wanted = readWanted(given, context);
    return withLedger(context, (engine) => exportRequests(engine, wanted, context));
  },
});

type Wanted = {
  readonly period: Period;
  readonly isWanted: ReturnType<typeof readFilters>;
  readonly format: Format;
  readonly hasBom: boolean;
  /** Null: standard output. */
  readonly output: { readonly path: string; readonly mayReplace: boolean } | null;
};

function readWanted(given: Given<typeof options>, { translator }: AuditContext): Wanted {
  const format = oneOf(formats, given.format ?? 'csv', '--format', translator);
  const { bom: hasBom = false, output, force: mayReplace = false } = given;
  if (hasBom && format !== 'csv') throw new UsageFailure(translator.translate('audit.export.bom_of_csv'));
  return {
    period: readPeriod(given, translator),
    isWanted: readFilters(given, translator),
    format,
    hasBom,
    output: output === undefined ? null : { path: resolve(output), mayReplace },
  };
}

async function exportRequests(engine: Engine, wanted: Wanted, context: AuditContext): Promise<number> {
  const { translator, remark, stdout } = context;
  const { output, format, hasBom } = wanted;
  const sum = { requests: 0, flawed: 0 };
  const write = (stream: Writable, isClosed: boolean) =>
    writePages(pagesOf(engine, wanted, context, sum), { kind: format, hasBom }, { stream, isClosed });
  if (output === null) await write(stdout, false);
  else {
    await writeFileWhole(output, context, (stream) => write(stream, true));
    remark(plain(translator.translate('audit.export.written', { requests: sum.requests, path: output.path })));
  }
  if (sum.flawed === 0) return exitCodes.clean;
  const command = [code('npm run verify')];
  remark(plain(translator.translate('audit.export.flawed', { requests: sum.flawed, command })));
  return exitCodes.crash;
}

async function* pagesOf(
  { db }: Engine,
  { period, isWanted }: Wanted,
  { translator }: AuditContext,
  sum: { requests: number; flawed: number },
): AsyncGenerator<readonly Row[]> {
  for await (const page of requestsOf(db, period)) {
    const rows = page.flatMap((stored) => {
      const request = replayed(stored);
      if (request === null) sum.flawed += 1;
      return request !== null && isWanted(request, stored.events) ? [rowOf(request, stored.events, translator)] : [];
    });
    sum.requests += rows.length;
    if (rows.length > 0) yield rows;
  }
}

/** Null for events that do not make a request, which `verify` names. */
function replayed({ events }: StoredRequest): Request | null {
  try {
    return replay(events);
  } catch {
    return null;
  }
}
