import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and a self-signed certificate, as PEM; by default for this machine and valid until 2049. */
export function selfSigned({ name: host = 'localhost', address = [127, 0, 0, 1], until = '491231235959Z' } = {}): {
  key: string;
  cert: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('2a8648ce3d040302')); // ecdsa-with-SHA256
  const name = sequence(tag(0x31, sequence(oid('550403'), tag(0x0c, Buffer.from(host)))));
  const validity = sequence(utcTime('000101000000Z'), utcTime(until));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const subjectNames = sequence(tag(0x82, Buffer.from(host)), tag(0x87, Buffer.from(address)));
  const names = sequence(oid('551d11'), tag(0x04, subjectNames));
  const unsigned = sequence(VERSION_3, integer(1), algorithm, name, validity, name, key, tag(0xa3, sequence(names)));
  const signature = sign('sha256', unsigned, privateKey);
  const certificate = sequence(unsigned, algorithm, tag(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** DER: a tag, a length, the content. */
function tag(number: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([number, ...length]), body]);
}

function sequence(...content: Uint8Array[]): Buffer {
  return tag(0x30, ...content);
}

function oid(hex: string): Buffer {
  return tag(0x06, Buffer.from(hex, 'hex'));
}

function integer(value: number): Buffer {
  return tag(0x02, Buffer.from([value]));
}

function utcTime(text: string): Buffer {
  return tag(0x17, Buffer.from(text));
}

const VERSION_3 = tag(0xa0, integer(2));
