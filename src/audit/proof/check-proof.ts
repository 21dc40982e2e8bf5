import { digestOfRecord } from '../../requests/digest.ts';
import type { RecordedEvent } from '../../requests/events.ts';
import { checkTexts } from '../../requests/ledger/check-texts.ts';
import { leafHashOf } from '../../requests/ledger/log/log-storage.ts';
import { type Checkpoint, parseCheckpoint } from '../../transparency-log/checkpoint.ts';
import type { VerifierKey } from '../../transparency-log/keys.ts';
import { verifyInclusion } from '../../transparency-log/proofs.ts';
import { readNote, signersOf } from '../../transparency-log/signed-note.ts';
import type { ProofDocument, ProvedEvent } from './proof-document.ts';
import { peopleIn, ruleIn } from './rule-and-people.ts';

/** What does not fit in a document. `sequence`: the number of the event, counted from the first one in the document. */
export type ProofProblem =
  /** The digest is not that of the event. */
  | { readonly kind: 'digest'; readonly sequence: number }
  /** The event is of another request, or does not follow from the one before it. */
  | { readonly kind: 'chain'; readonly sequence: number }
  /** Its place in the log is not after that of the event before it. */
  | { readonly kind: 'order'; readonly sequence: number }
  /** The proof does not lead from the event to the root of the checkpoint. */
  | { readonly kind: 'place'; readonly sequence: number }
  /** The text beside the event is not the one whose hash it has. */
  | { readonly kind: 'text'; readonly sequence: number }
  /** The events are not such as the bot records. */
  | { readonly kind: 'events' }
  /** The text of the checkpoint is none. */
  | { readonly kind: 'checkpoint' }
  /** The rule is not the one of the events. */
  | { readonly kind: 'rule' }
  /** The names are not those of the texts. */
  | { readonly kind: 'people' }
  /** The checkpoint has a signature of a known key, which does not fit. */
  | { readonly kind: 'signature' }
  /** None of the known keys has signed the checkpoint. */
  | { readonly kind: 'not_signed' };

/** Who vouches for a checkpoint. `unchecked`: it has signatures, and no key is known. `none`: it has no signature. */
export type Signature =
  | { readonly kind: 'signed'; readonly keys: readonly VerifierKey[] }
  | { readonly kind: 'unchecked' | 'none' | 'wrong' };

export type CheckedProof = {
  readonly problems: readonly ProofProblem[];
  /** Null: the text of the checkpoint is none. */
  readonly checkpoint: Checkpoint | null;
  readonly signature: Signature;
  /** How many texts the document has, and how many were erased or left out. */
  readonly texts: { readonly present: number; readonly absent: number };
};

/** Checks a document by itself, without the ledger. `keys`: those that are known; none: signatures are not checked. */
export function checkProof(document: ProofDocument, keys: readonly VerifierKey[]): CheckedProof {
  const { request, checkpoint: note, events } = document;
  const { checkpoint, signature, problems } = checkNote(note, keys);
  const inEvents = events.flatMap((event, index) => checkEvent(event, events[index - 1], index + 1, request));
  const inLog = checkpoint === null ? [] : events.flatMap((event, index) => checkPlace(event, index + 1, checkpoint));
  const beside = checkBeside(document);
  const texts = { present: document.texts.length, absent: beside.absent };
  return { problems: [...problems, ...inEvents, ...inLog, ...beside.problems], checkpoint, signature, texts };
}

type CheckedNote = Pick<CheckedProof, 'checkpoint' | 'signature' | 'problems'>;

/** The text of a checkpoint and its signatures. */
export function checkNote(text: string, keys: readonly VerifierKey[]): CheckedNote {
  const note = readNote(text);
  const checkpoint = parseCheckpoint(note?.text ?? '');
  if (note === null || checkpoint === null) {
    return { checkpoint: null, signature: { kind: 'none' }, problems: [{ kind: 'checkpoint' }] };
  }
  if (keys.length === 0) {
    return { checkpoint, signature: { kind: note.signatures.length > 0 ? 'unchecked' : 'none' }, problems: [] };
  }
  const signers = signersOf(note, keys);
  if (signers.kind === 'signed') return { checkpoint, signature: signers, problems: [] };
  const kind = signers.kind === 'invalid' ? 'signature' : 'not_signed';
  return { checkpoint, signature: { kind: 'wrong' }, problems: [{ kind }] };
}

function checkEvent(
  { event, digest, index }: ProvedEvent,
  before: ProvedEvent | undefined,
  sequence: number,
  request: string,
): readonly ProofProblem[] {
  const follows = event.request === request && event.sequence === sequence && event.previous === (before?.digest ?? '');
  return [
    ...(hasDigest(event, digest) ? [] : [{ kind: 'digest', sequence } as const]),
    ...(follows ? [] : [{ kind: 'chain', sequence } as const]),
    ...(index > (before?.index ?? -1) ? [] : [{ kind: 'order', sequence } as const]),
  ];
}

/** False also for data that has no canonical form: nested too deeply, or with half a character. */
function hasDigest(event: ProvedEvent['event'], digest: string): boolean {
  try {
    return digestOfRecord(event) === digest;
  } catch {
    return false;
  }
}

function checkPlace({ digest, index, proof }: ProvedEvent, sequence: number, log: Checkpoint): readonly ProofProblem[] {
  const hashes = proof.map((hash) => Buffer.from(hash, 'hex'));
  const claim = { leafHash: leafHashOf(digest), index, size: log.size, proof: hashes, root: log.root };
  return verifyInclusion(claim) ? [] : [{ kind: 'place', sequence }];
}

type Beside = { readonly problems: readonly ProofProblem[]; readonly absent: number };

/** What stands beside the events: texts, rule and names. All of it follows from the events. */
function checkBeside({ request, events, texts, rule, people }: ProofDocument): Beside {
  const recorded = events.map(recordedEvent);
  try {
    const rows = texts.map((text) => ({ ...text, request }));
    const checked = checkTexts(recorded, rows);
    const altered = checked.problems.filter(({ kind }) => kind === 'altered_text');
    const absent = checked.erased + checked.problems.length - altered.length;
    const names = peopleIn(recorded, texts);
    const isNamed = Object.entries(people).every(([id, name]) => Object.hasOwn(names, id) && names[id] === name);
    return {
      absent,
      problems: [
        ...altered.map(({ sequence }) => ({ kind: 'text', sequence }) as const),
        ...(rule === ruleIn(recorded) ? [] : [{ kind: 'rule' } as const]),
        ...(isNamed ? [] : [{ kind: 'people' } as const]),
      ],
    };
  } catch (error) {
    // What is no event of the bot can lack the fields that its type has.
    if (!(error instanceof TypeError)) throw error;
    return { problems: [{ kind: 'events' }], absent: 0 };
  }
}

/** The data is not validated: the digests show whether it is the bot's. */
function recordedEvent({ event, digest }: ProvedEvent): RecordedEvent {
  const { request, sequence, time, type, data, previous } = event;
  return { request, sequence, at: Date.parse(time), type, data, previousDigest: previous, digest } as RecordedEvent;
}
