import { jsonIn } from './body-text.ts';
import { type HttpResponse, headerOf } from './http-client.ts';
import { isBinary } from './response-summary.ts';

/** Longer texts are pages. */
const maxTextLength = 500;
const maxDepth = 5;

const textTypes = /^(?:text\/plain|application\/(?:[\w.-]+\+)?json)$/;
const markup = /<[a-z!?/]/i;

/** Campaign's codes of messages (`RST-360011`, `XTK-170036`), and words that no success has. */
const errorWords = [
  /\bRST-|\b[A-Z]{3}-\d{6}\b|PKey/,
  /err(?:o|eu)r|exception|\bfault|\bfail|\bdenied|forbidden|unauthori[sz]ed|\bunable|\binvalid|not (?:found|allowed)/i,
  /too many|exceed|\brate limit|throttl|\bquota|\bblocked|authenticat|not authori[sz]ed|\bmaintenance\b|upstream|captcha/i,
  /\brefused|\breject|unreachable|\bredirect|\bproxy\b|\bfehler|\bfel\b|\berro\b|^"?(?:ko|nok)"?$/i,
  /^"?https?:\/\/\S+$|\banmeld|\beinloggen|se connecter|connectez-vous|iniciar sesi|fazer login|\baccedi\b|logga in/i,
  /^"?false"?$|unavailable|time[- ]?out|timed out|expired|\b(?:log|sign)[- ]?(?:in|on)\b|\bbad (?:request|gateway)\b/i,
];

/** Names of members that tell of an error if they hold anything; spelled without `_`, `-` and capitals. */
const errorNames = new Set(
  'error errors errorcode errormessage errordescription errortype fault faultcode faultstring exception'.split(' '),
);
/** Others that begin so, `errorDetails` or `login_url`, tell of trouble where no workflow is shown. */
const errorLikeName = /^(?:(?:is|has)?err|fault|exception|login|signin|redirect)/;
const messageNames = new Set('message msg detail details title reason description'.split(' '));
const codeNames = new Set('code status statuscode httpstatus httpcode httpstatuscode'.split(' '));
/** HTTP's, or one of the gateway's, which begin with it. */
const errorCode = /^[345]\d\d(?:\d{3})?$/;
const failureValue =
  /^(?:false|err(?:or)?|fail(?:ed|ure)?|fault|ko|nok|denied|reject(?:ed)?|refused|forbidden|unauthori[sz]ed)$/i;
const resultNames = new Set('status result success ok succeeded'.split(' '));

/**
 * Whether a 2xx can be Campaign's own. Adobe documents no body for a success, so an empty one, JSON without an error and a
 * short plain text are taken for one. Everything else is a proxy's, a sign-in page's or an error's, whatever its type says.
 */
export function isExpectedBody(answer: Pick<HttpResponse, 'headers' | 'body'>): boolean {
  if (answer.body === null) return false;
  const text = answer.body.trim();
  if (text === '') return true;
  const json = jsonIn(text);
  return json === undefined ? isPlainText(text, headerOf(answer, 'content-type')) : !reportsError(json);
}

function isPlainText(text: string, contentType = ''): boolean {
  const [mediaType = ''] = contentType.split(';');
  if (mediaType.trim() !== '' && !textTypes.test(mediaType.trim().toLowerCase())) return false;
  // What begins like JSON and is none broke off.
  if (text.length > maxTextLength || /^[{[]/.test(text)) return false;
  return !isMarkup(text) && !isBinary(text) && !hasErrorWords(text);
}

export function isMarkup(text: string): boolean {
  return markup.test(text);
}

function reportsError(json: unknown, depth = maxDepth): boolean {
  if (typeof json !== 'object' || json === null || depth === 0) return false;
  const members: [string, unknown][] = Object.entries(json).map(([name, value]) => [plainName(name), value]);
  if (members.some(([name, value]) => errorNames.has(name) && isSet(value))) return true;
  // A workflow may have a failed activity, or one that is called "error".
  if ('PKey' in json || 'activities' in json) return false;
  if (members.some(([name, value]) => errorLikeName.test(name) && isSet(value))) return true;
  return members.some(([name, value]) => isFailure(name, value) || reportsError(value, depth - 1));
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

function isSet(value: unknown): boolean {
  return (
    ![null, false, 0, '', '0'].some((nothing) => value === nothing) && !(Array.isArray(value) && value.length === 0)
  );
}

function isFailure(name: string, value: unknown): boolean {
  if (typeof value === 'object') return false;
  const text = String(value);
  if (resultNames.has(name) && failureValue.test(text)) return true;
  if (/^(?:success|ok)$/.test(name) && text === '0') return true;
  return (codeNames.has(name) && errorCode.test(text)) || (messageNames.has(name) && hasErrorWords(text));
}

function hasErrorWords(text: string): boolean {
  return errorWords.some((words) => words.test(text));
}
