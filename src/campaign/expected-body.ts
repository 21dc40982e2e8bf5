import { jsonIn } from './body-text.ts';
import { type HttpResponse, headerOf } from './http-client.ts';
import { isBinary } from './response-summary.ts';

/** A longer text is a page. */
const maxTextLength = 500;
const maxDepth = 5;

const textTypes = /^(?:text\/plain|application\/(?:[\w.-]+\+)?json)$/;
const markup = /<[a-z!?/]/i;

/** Campaign's message codes (`RST-360011`, `XTK-170036`), and words that do not occur in a success. */
const errorWords = [
  /\bRST-|\b[A-Z]{3}-\d{6}\b|PKey/,
  /err(?:o|eu)r|exception|\bfault|\bfail|\bdenied|forbidden|unauthori[sz]ed|\bunable|\binvalid|not (?:found|allowed)/i,
  /too many|exceed|\brate limit|throttl|\bquota|\bblocked|authenticat|not authori[sz]ed|\bmaintenance\b|upstream|captcha/i,
  /\brefused|\breject|unreachable|\bredirect|\bproxy\b|\bfehler|\bfel\b|\berro\b|^"?(?:ko|nok)"?$/i,
  /^"?https?:\/\/\S+$|\banmeld|\beinloggen|se connecter|connectez-vous|iniciar sesi|fazer login|\baccedi\b|logga in/i,
  /^"?false"?$|unavailable|time[- ]?out|timed out|expired|\b(?:log|sign)[- ]?(?:in|on)\b|\bbad (?:request|gateway)\b/i,
];

/** JSON members that report an error if they are set. Lower case, without `_` and `-`. */
const errorNames = new Set(
  'error errors errorcode errormessage errordescription errortype fault faultcode faultstring exception'.split(' '),
);
/** Members with such a prefix, like `errorDetails` or `login_url`, report an error unless the JSON shows a workflow. */
const errorLikeName = /^(?:(?:is|has)?err|fault|exception|login|signin|redirect)/;
const messageNames = new Set('message msg detail details title reason description'.split(' '));
const codeNames = new Set('code status statuscode httpstatus httpcode httpstatuscode'.split(' '));
/** An HTTP status, or a gateway code, which begins with one. */
const errorCode = /^[345]\d\d(?:\d{3})?$/;
const failureValue =
  /^(?:false|err(?:or)?|fail(?:ed|ure)?|fault|ko|nok|denied|reject(?:ed)?|refused|forbidden|unauthori[sz]ed)$/i;
const resultNames = new Set('status result success ok succeeded'.split(' '));

/**
 * Whether a 2xx can be Campaign's own. Adobe documents no body for a success, so an empty body, JSON without an error and
 * a short plain text are accepted. Everything else comes from a proxy, a sign-in page or an error, whatever its type is.
 */
export function isExpectedBody(response: Pick<HttpResponse, 'headers' | 'body'>): boolean {
  if (response.body === null) return false;
  const text = response.body.trim();
  if (text === '') return true;
  const json = jsonIn(text);
  return json === undefined ? isPlainText(text, headerOf(response, 'content-type')) : !reportsError(json);
}

function isPlainText(text: string, contentType = ''): boolean {
  const [mediaType = ''] = contentType.split(';');
  if (mediaType.trim() !== '' && !textTypes.test(mediaType.trim().toLowerCase())) return false;
  // A text that begins like JSON and is not valid JSON is incomplete.
  if (text.length > maxTextLength || /^[{[]/.test(text)) return false;
  return !isMarkup(text) && !isBinary(text) && !hasErrorWords(text);
}

export function isMarkup(text: string): boolean {
  return markup.test(text);
}

function reportsError(json: unknown, depth = maxDepth): boolean {
  if (typeof json !== 'object' || json === null || depth === 0) return false;
  const members: [string, unknown][] = Object.entries(json).map(([name, value]) => [normalizedName(name), value]);
  if (members.some(([name, value]) => errorNames.has(name) && isSet(value))) return true;
  // A workflow may have a failed activity, or one with the name "error".
  if ('PKey' in json || 'activities' in json) return false;
  if (members.some(([name, value]) => errorLikeName.test(name) && isSet(value))) return true;
  return members.some(([name, value]) => isFailure(name, value) || reportsError(value, depth - 1));
}

function normalizedName(name: string): string {
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
  return errorWords.some((pattern) => pattern.test(text));
}
