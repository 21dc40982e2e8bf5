import { randomBytes } from 'node:crypto';

export function randomId(length = 5): string {
  return randomBytes(length).toString('base64url').replace(/[-_]/g, 'x');
}
