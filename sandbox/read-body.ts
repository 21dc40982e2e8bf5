import type { IncomingMessage } from 'node:http';

/** The body as text. Null where it is longer than that: it is read to its end, so that whoever sent it hears the answer, and not kept. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= mostBytes) parts.push(part);
  }
  return bytes <= mostBytes ? Buffer.concat(parts).toString() : null;
}
