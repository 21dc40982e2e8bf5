import type { GivenAnswer, RecordedRequest } from './recorded-request.ts';

const MASK = '***';

/** The same without secrets, for display. A real secret may have been sent here by mistake. */
export function maskedRequest(request: RecordedRequest): RecordedRequest {
  const { path, headers, writtenHeaders, body, answer } = request;
  return {
    ...request,
    path: inForm(path),
    headers: Object.fromEntries(Object.entries(headers).map(maskedHeader)),
    writtenHeaders: writtenHeaders.map(maskedHeader),
    body: maskedBody(body),
    answer: maskedAnswer(answer),
  };
}

function maskedHeader([name, value]: readonly [string, string]): readonly [string, string] {
  if (name.toLowerCase() !== 'authorization') return [name, value];
  return [name, value.startsWith('Bearer ') ? `Bearer ${MASK}` : MASK];
}

/** Where a body with a secret is not a form, none of it is shown. */
function maskedBody(body: string): string {
  const masked = inForm(body);
  return /secret/i.test(masked.replaceAll(`client_secret=${MASK}`, '')) ? MASK : masked;
}

function inForm(text: string): string {
  return text.replace(/\b(client_secret|access_token)=[^&]*/g, `$1=${MASK}`);
}

function maskedAnswer(answer: RecordedRequest['answer']): RecordedRequest['answer'] {
  return isGiven(answer) ? { ...answer, body: answer.body.replace(/("access_token":")[^"]*/, `$1${MASK}`) } : answer;
}

function isGiven(answer: RecordedRequest['answer']): answer is GivenAnswer {
  return typeof answer === 'object' && answer !== null;
}
