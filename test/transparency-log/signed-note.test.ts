import { describe, expect, it } from '@jest/globals';
import { generateKey, readSigningKey, readVerifierKey, verifierKeyOf } from '../../src/transparency-log/keys.ts';
import { readNote, signersOf, signNote } from '../../src/transparency-log/signed-note.ts';
import { enoch, peter, specification } from './notes.fixture.ts';

const { text } = peter;

function verifier(encoded: string) {
  const key = readVerifierKey(encoded);
  if (!key) throw new Error(`${encoded} is no key`);
  return key;
}

function signers(note: string, ...encoded: string[]) {
  const read = readNote(note);
  if (!read) throw new Error('this is no note');
  return signersOf(read, encoded.map(verifier));
}

describe('a signed note', () => {
  it.each([
    ['Go', peter.signingKey, peter.signature],
    ['Go, with the key of zeros', enoch.signingKey, enoch.signature],
  ])('is written as by %s', (_, signingKey, signature) => {
    const key = readSigningKey(signingKey);
    expect(key && signNote(text, key)).toBe(`${text}\n${signature}`);
  });

  it("is verified by the key: the specification's example", () => {
    const note = `${specification.text}\n${specification.signature}`;
    expect(readNote(note)?.text).toBe(specification.text);
    expect(signers(note, specification.verifierKey)).toMatchObject({
      kind: 'signed',
      keys: [{ name: 'example.com/foo', keyId: '530d903a' }],
    });
  });

  it('can have several signatures, of which unknown ones are ignored', () => {
    const note = `${text}\n${peter.signature}${enoch.signature}`;
    const names = (...known: string[]) => {
      const found = signers(note, ...known);
      return found.kind === 'signed' ? found.keys.map(({ name }) => name) : found.kind;
    };
    expect(names(peter.verifierKey, enoch.verifierKey)).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(names(enoch.verifierKey)).toEqual(['EnochRoot']);
    expect(names(specification.verifierKey)).toBe('unknown');
    expect(names()).toBe('unknown');
  });

  it('is invalid with a wrong signature of a known key, whoever else has signed it', () => {
    const damaged = peter.signature.replace('JkuBS', 'JkuBT');
    const note = `${text}\n${damaged}${enoch.signature}`;
    const invalid = { kind: 'invalid', key: { name: 'PeterNeumann' } };
    expect(signers(note, peter.verifierKey, enoch.verifierKey)).toMatchObject(invalid);
    expect(signers(note, enoch.verifierKey, peter.verifierKey)).toMatchObject(invalid);
    expect(signers(note, enoch.verifierKey)).toMatchObject({ kind: 'signed' });
    expect(signers(`${text}\n${peter.signature}${damaged}`, peter.verifierKey)).toMatchObject(invalid);
  });

  it('is invalid with another text, or with a signature of another length', () => {
    const invalid = { kind: 'invalid' };
    expect(signers(`${text.replace('think', 'thought')}\n${peter.signature}`, peter.verifierKey)).toMatchObject(
      invalid,
    );
    const long = `${peter.signature.slice(0, 60)}ABCD${peter.signature.slice(60)}`;
    expect(signers(`${text}\n${long}`, peter.verifierKey)).toMatchObject(invalid);
    const short = Buffer.from('c74f20a300', 'hex').toString('base64');
    expect(signers(`${text}\n— PeterNeumann ${short}\n`, peter.verifierKey)).toMatchObject(invalid);
  });

  it('knows a key by its name and ID together', () => {
    const namesake = generateKey('PeterNeumann');
    const note = signNote(text, namesake);
    expect(signers(note, peter.verifierKey)).toEqual({ kind: 'unknown' });
    const renamed = `${text}\n${peter.signature.replace('PeterNeumann', 'SomebodyElse')}`;
    expect(signers(renamed, peter.verifierKey)).toEqual({ kind: 'unknown' });
    const [read, known] = [readNote(note), verifierKeyOf(namesake)];
    expect(read && signersOf(read, [known])).toEqual({ kind: 'signed', keys: [known] });
  });

  it('ends its text at the last empty line', () => {
    const poem = 'one\n\ntwo\n\n\nthree\n\n';
    const key = generateKey('poet');
    const read = readNote(signNote(poem, key));
    expect(read).toMatchObject({ text: poem, signatures: [{ name: 'poet', keyId: key.keyId }] });
    expect(read && signersOf(read, [verifierKeyOf(key)])).toMatchObject({ kind: 'signed' });
  });

  it('has up to 100 signatures', () => {
    expect(readNote(`${text}\n${peter.signature.repeat(100)}`)?.signatures).toHaveLength(100);
    expect(readNote(`${text}\n${peter.signature.repeat(101)}`)).toBeNull();
  });

  it.each(['', 'no newline', 'a\u0001\n', 'a\r\n', 'a\ud800\n'])('is not made of %j', (given) => {
    expect(() => signNote(given, generateKey('log'))).toThrow(RangeError);
  });
});

describe('a note', () => {
  it('without signatures is its text', () => {
    expect(readNote(text)).toEqual({ text, signatures: [] });
    expect(signers(text, peter.verifierKey)).toEqual({ kind: 'unknown' });
  });

  // Most are from TestOpen in golang.org/x/mod/sumdb/note/note_test.go.
  it.each([
    ['nothing', ''],
    ['a text without its newline', text.slice(0, -1)],
    ['an empty line without signatures', `${text}\n`],
    ['a last line without its newline', `${text}\n${peter.signature.slice(0, -1)}`],
    ['a control character', `\u0001${text}\n${peter.signature}`],
    ['carriage returns', `${text}\n${peter.signature}`.replaceAll('\n', '\r\n')],
    ['half a character', `\udc00${text}\n${peter.signature}`],
    ['a space in a name', `${text}\n${peter.signature.replace('PeterNeumann', 'Bad Name')}`],
    ['a no-break space in a name', `${text}\n${peter.signature.replace('PeterNeumann', 'Bad\u00a0Name')}`],
    ['a plus in a name', `${text}\n${peter.signature.replace('PeterNeumann', 'Peter+Neumann')}`],
    ['no name', `${text}\n${peter.signature.replace('PeterNeumann', '')}`],
    ['a hyphen in place of the dash', `${text}\n${peter.signature.replace('—', '-')}`],
    ['a line that is no signature', `${text}\n${peter.signature}Unexpected line.\n`],
    ['an empty line in a bare text', `${text}\nUnexpected line.\n`],
    ['an empty line after the signatures', `${text}\n${peter.signature}\n`],
    ['a signature without padding', `${text}\n${peter.signature.replace('=', '')}`],
    ['a key ID without a signature', `${text}\n— PeterNeumann x08gow==\n`],
  ])('is not a text with %s', (_, note) => {
    expect(readNote(note)).toBeNull();
  });
});
