import { exitCodes } from '../command-line.ts';
import { code, type Phrase } from '../locales/phrase.ts';
import { plain, type Translator } from '../locales/translator.ts';
import type { GivenCheckpoint } from '../requests/ledger/log/verify-log.ts';
import { type Checkpoint, shortCheckpoint } from '../transparency-log/checkpoint.ts';
import { readVerifierKey, type VerifierKey, verifierKeyOf } from '../transparency-log/keys.ts';
import { type AuditContext, auditCommand } from './audit-command.ts';
import { Failure, UsageFailure } from './failure.ts';
import { type GivenStates, givenCheckpoints } from './given-checkpoints.ts';
import { type CheckedProof, checkProof, type ProofProblem } from './proof/check-proof.ts';
import { growthIn, type Relation, relationTo } from './proof/consistency.ts';
import { type ProofDocument, proofDocument } from './proof/proof-document.ts';
import { readDocument } from './proof/read-document.ts';
import { withLedger } from './with-ledger.ts';

/** `check FILE`: whether a document of `prove` holds, without the ledger. Exit code 1 if something in it does not fit. */
export const checkCommand = auditCommand({
  name: 'check',
  summary: 'audit.check.summary',
  argument: { name: 'FILE', isRequired: true, about: 'audit.check.file' },
  options: {
    against: { type: 'string', value: 'CHECKPOINT', about: 'audit.check.against' },
    key: { type: 'string', value: 'VERIFIER-KEY', multiple: true, about: 'audit.check.key' },
  },
  async run({ against, key }, path, context) {
    const { translator, say } = context;
    const keys = knownKeys(key, context);
    const given = against === undefined ? null : await givenCheckpoints(against, context);
    const document = await readDocument(path ?? '', proofDocument, translator);
    const checked = checkProof(document, keys);
    const compared = given && checked.checkpoint && (await compare(checked.checkpoint, given, context));
    const flaws = [
      ...checked.problems.map((problem) => describeProblem(problem, translator)),
      ...(compared?.relation === 'unproved' ? [describeComparison(compared, translator)] : []),
    ];
    for (const line of flaws) say(plain(line));
    if (flaws.length > 0) say(plain(translator.translate('audit.check.unsound', { flawed: flaws.length })));
    else for (const line of conclusion(document, checked, compared, translator)) say(plain(line));
    return flaws.length === 0 ? exitCodes.clean : exitCodes.crash;
  },
});

/** The given keys, or that of the settings. */
function knownKeys(typed: readonly string[] | undefined, { logKey, translator }: AuditContext): readonly VerifierKey[] {
  if (typed !== undefined) return typed.map((one) => verifierKey(one, translator));
  const own = logKey();
  return own === null ? [] : [verifierKeyOf(own)];
}

function verifierKey(typed: string, { translate }: Translator): VerifierKey {
  const key = readVerifierKey(typed.trim());
  if (key === null) throw new UsageFailure(translate('audit.not_a_verifier_key', { typed: [code(typed)] }));
  return key;
}

/** `given` and `own`: their short forms. `size`: of the given one, which vouches for what was in the log then. */
type Comparison = { readonly relation: Relation; readonly own: string; readonly given: string; readonly size: number };

/** The hashes between the two come from the file with the given one, or else from the ledger. They prove themselves. */
async function compare(
  own: Checkpoint,
  { checkpoints, growth: known }: GivenStates,
  context: AuditContext,
): Promise<Comparison | null> {
  const checkpoint = closestTo(own, checkpoints);
  if (checkpoint === null) return null;
  const named = { own: shortFormOf(own), given: shortCheckpoint(checkpoint), size: checkpoint.size };
  if (checkpoint.size === own.size || known !== null) return { ...named, relation: relationTo(own, checkpoint, known) };
  const growth = await withLedger(context, ({ db }) => growthIn(db, own.size, checkpoint.size)).catch(
    withoutLedger(context),
  );
  return { ...named, relation: relationTo(own, checkpoint, growth) };
}

/** A witness file usually has the very checkpoint. Otherwise its last one vouches for the most. */
function closestTo(own: Checkpoint, given: readonly GivenCheckpoint[]): GivenCheckpoint | null {
  const ofSize = given.filter(({ size }) => size === own.size);
  return ofSize.find((one) => relationTo(own, one, null) === 'same') ?? ofSize[0] ?? given.at(-1) ?? null;
}

/** Whoever has no ledger can do with a file. */
function withoutLedger({ translator }: AuditContext) {
  return (error: unknown): never => {
    if (!(error instanceof Failure)) throw error;
    const command = [code('checkpoint --since')];
    const instead = plain(translator.translate('audit.check.no_ledger', { command }));
    throw new Failure(`${error.message} ${instead}`, error.exitCode);
  };
}

function shortFormOf({ size, root }: Checkpoint): string {
  return shortCheckpoint({ size, root: root.toString('hex') });
}

function describeProblem(problem: ProofProblem, { translate }: Translator): Phrase {
  if (!('sequence' in problem)) return translate(`check.flaw.${problem.kind}`);
  return translate(`check.event.${problem.kind}`, { sequence: String(problem.sequence) });
}

function describeComparison({ relation, own, given }: Comparison, { translate }: Translator): Phrase {
  return translate('audit.check.compared', { relation, own, given });
}

/** What holds, and what that does not show. */
function conclusion(
  { request, events }: ProofDocument,
  { checkpoint, signature, texts }: CheckedProof,
  compared: Comparison | null,
  translator: Translator,
): readonly Phrase[] {
  const { translate } = translator;
  if (checkpoint === null) return [];
  const own = shortFormOf(checkpoint);
  const { origin, size } = checkpoint;
  const by = signature.kind === 'signed' ? translator.all(signature.keys.map(({ name }) => code(name))) : [];
  const later = compared === null ? 0 : events.filter(({ index }) => index >= compared.size).length;
  const isVouchedFor = signature.kind === 'signed' || compared !== null;
  return [
    translate('audit.check.events', { request, events: events.length }),
    translate('audit.check.log', { origin: [code(origin)], size, own }),
    ...(texts.present + texts.absent === 0 ? [] : [translate('audit.check.texts', texts)]),
    translate('audit.check.signature', { kind: signature.kind, by }),
    ...(compared === null ? [] : [describeComparison(compared, translator)]),
    ...(later === 0 ? [] : [translate('audit.check.later_events', { later })]),
    ...(isVouchedFor ? [] : [translate('audit.check.alone', { own })]),
    translate('audit.check.open_end'),
  ];
}
