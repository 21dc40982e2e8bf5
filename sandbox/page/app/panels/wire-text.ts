import type { ShownAnswer, ShownRequest } from '../../snapshot.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** "/acme/…/WKF110/commands": the ends of a long path. */
export function shortPath(path: string): string {
  const parts = path.split('/');
  return parts.length <= 5 ? path : [...parts.slice(0, 2), '…', ...parts.slice(-2)].join('/');
}

/** "200", or why there is no status. */
export function shortAnswer(answer: ShownAnswer): string {
  switch (answer.kind) {
    case 'answered':
      return String(answer.status);
    case 'cut':
      return 'connection cut';
    case 'silence':
      return 'no response';
    case 'awaited':
      return 'awaited';
    default:
      return answer satisfies never;
  }
}

export function requestText({ method, path, headers, body }: ShownRequest): string {
  return message(`${method} ${path}`, headers, body);
}

export function answerText(answer: ShownAnswer): string {
  switch (answer.kind) {
    case 'answered':
      return message(`Status ${answer.status}`, answer.headers, answer.body);
    case 'cut':
      return 'The connection was closed before the response.';
    case 'silence':
      return 'The connection stays open without a response.';
    case 'awaited':
      return 'No response yet.';
    default:
      return answer satisfies never;
  }
}

/** Unchanged: a client under test may be wrong by one space. */
function message(first: string, headers: Headers, body: string): string {
  const lines = [first, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return body === '' ? lines.join('\n') : [...lines, '', body].join('\n');
}
