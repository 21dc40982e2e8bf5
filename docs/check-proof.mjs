// Checks a document of `prove` with nothing but Node.js: node check-proof.mjs PROOF.json [VERIFIER-KEY]
// Prints what does not hold, and ends with 1 if there is anything. docs/auditing.md explains the document.
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [path, verifierKey] = process.argv.slice(2);
const { request, checkpoint, events, rule, people, texts } = JSON.parse(readFileSync(path, 'utf8'));

const flaws = [];
const check = (holds, what) => holds || flaws.push(what);
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

// Canonical JSON (RFC 8785): keys in order, no white space. JavaScript writes numbers and strings as the RFC does.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`;
}

// The root to which a leaf and its inclusion proof lead (RFC 9162, section 2.1.3.2); null if the proof has another length.
function rootAbove(hash, index, size, proof) {
  let [node, last] = [index, size - 1];
  for (const sibling of proof.map((hex) => Buffer.from(hex, 'hex'))) {
    if (last === 0) return null;
    const isRight = node % 2 === 1 || node === last;
    hash = isRight ? sha256(Buffer.of(1), sibling, hash) : sha256(Buffer.of(1), hash, sibling);
    while (isRight && node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : null;
}

// A checkpoint (C2SP tlog-checkpoint): the name of the log, its size, its root in base64. Signatures follow an empty line.
const [origin, size, root] = checkpoint.split('\n');
check(events.length > 0, 'a document without events');
for (const [at, { event, digest, index, proof }] of events.entries()) {
  const name = `event ${at + 1}`;
  check(sha256(Buffer.from(canonical(event))).toString('hex') === digest, `${name}: the digest`);
  check(event.request === request && event.sequence === at + 1, `${name}: the request or the number`);
  check(event.previous === (events[at - 1]?.digest ?? ''), `${name}: the digest before it`);
  check(index > (events[at - 1]?.index ?? -1), `${name}: its place after the event before it`);
  const leaf = sha256(Buffer.of(0), Buffer.from(digest, 'hex'));
  const above = index < Number(size) ? rootAbove(leaf, index, Number(size), proof) : null;
  check(above?.toString('base64') === root, `${name}: its place in the log`);
}
const names = new Map();
for (const { sequence, kind, text, salt } of texts.toSorted((a, b) => a.sequence - b.sequence)) {
  const hash = createHmac('sha256', Buffer.from(salt, 'hex')).update(text).digest('hex');
  const event = events.find((one) => one.event.sequence === sequence);
  const { data = {} } = event?.event ?? {};
  // A refusal can quote the reason of a freeze.
  const fields = kind === 'name' ? ['nameHash'] : ['reasonHash', 'becauseHash'];
  check(
    fields.some((field) => canonical(data).includes(`"${field}":"${hash}"`)),
    `event ${sequence}: the ${kind}`,
  );
  if (kind === 'name') names.set(data.requester ?? data.by, text);
}
for (const [id, name] of Object.entries(people)) check(names.get(id) === name, `the name of ${id}`);
const granted = events.find(({ event }) => event.type === 'granted');
check(rule === (granted?.event.data.rule ?? null), 'the rule');
if (verifierKey !== undefined) {
  // A signed note (C2SP signed-note): key ID and Ed25519 signature in base64, behind the name of the key.
  const [, name, , key] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(verifierKey);
  const [text, signatures = ''] = checkpoint.split('\n\n');
  const line = signatures.split('\n').find((one) => one.startsWith(`— ${name} `)) ?? '';
  const signature = Buffer.from(line.split(' ')[2] ?? '', 'base64').subarray(4);
  const x = Buffer.from(key, 'base64').subarray(1).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  check(verify(null, Buffer.from(`${text}\n`), publicKey, signature), 'the signature of the checkpoint');
}
for (const flaw of flaws) console.log(`${flaw} does not hold`);
const short = `${size}·${Buffer.from(root, 'base64').toString('hex').slice(0, 16)}`;
if (flaws.length === 0)
  console.log(`${events.length} events of ${request} stand in the log ${origin}, checkpoint ${short}`);
process.exitCode = flaws.length === 0 ? 0 : 1;
