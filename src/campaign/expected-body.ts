import { jsonIn } from './body-text.ts';
import { type HttpAnswer, headerOf } from './exchange.ts';
import { isBinary } from './readable-answer.ts';

/** Longer texts are pages. */
const MAX_TEXT = 500;
const MAX_DEPTH = 5;

const TEXT_TYPES = /^(?:text\/plain|application\/(?:[\w.-]+\+)?json)$/;
const MARKUP = /<[a-z!?/]/i;

/** Campaign's codes of messages (`RST-360011`, `XTK-170036`), and words that no success has. */
const TROUBLE = [
  /\bRST-|\b[A-Z]{3}-\d{6}\b|PKey/,
  /err(?:o|eu)r|exception|\bfault|\bfail|\bdenied|forbidden|unauthori[sz]ed|\bunable|\binvalid|not (?:found|allowed)/i,
  /too many|exceed|\brate limit|throttl|\bquota|\bblocked|authenticat|not authori[sz]ed|\bmaintenance\b|upstream|captcha/i,
  /\brefused|\breject|unreachable|\bredirect|\bproxy\b|\bfehler|\bfel\b|\berro\b|^"?(?:ko|nok)"?$/i,
  /^"?https?:\/\/\S+$|\banmeld|\beinloggen|se connecter|connectez-vous|iniciar sesi|fazer login|\baccedi\b|logga in/i,
  /^"?false"?$|unavailable|time[- ]?out|timed out|expired|\b(?:log|sign)[- ]?(?:in|on)\b|\bbad (?:request|gateway)\b/i,
];

/** Names of members that tell of an error if they hold anything; spelled without `_`, `-` and capitals. */
const ERROR_NAMES = new Set(
  'error errors errorcode errormessage errordescription errortype fault faultcode faultstring exception'.split(' '),
);
/** Others that begin so, `errorDetails` or `login_url`, tell of trouble where no workflow is shown. */
const LIKE_ERROR = /^(?:(?:is|has)?err|fault|exception|login|signin|redirect)/;
const MESSAGE_NAMES = new Set('message msg detail details title reason description'.split(' '));
const CODE_NAMES = new Set('code status statuscode httpstatus httpcode httpstatuscode'.split(' '));
/** HTTP's, or one of the gateway's, which begin with it. */
const ERROR_CODE = /^[345]\d\d(?:\d{3})?$/;
const FAILURE =
  /^(?:false|err(?:or)?|fail(?:ed|ure)?|fault|ko|nok|denied|reject(?:ed)?|refused|forbidden|unauthori[sz]ed)$/i;
const RESULT_NAMES = new Set('status result success ok succeeded'.split(' '));

/**
 * Whether a 2xx can be Campaign's own. Adobe documents no body for a success, so an empty one, JSON without an error and a
 * short plain text are taken for one. Everything else is a proxy's, a sign-in page's or an error's, whatever its type says.
 */
export function isExpected(answer: Pick<HttpAnswer, 'headers' | 'body'>): boolean {
  if (answer.body === null) return false;
  const text = answer.body.trim();
  if (text === '') return true;
  const json = jsonIn(text);
  return json === undefined ? isPlainText(text, headerOf(answer, 'content-type')) : !saysError(json);
}

function isPlainText(text: string, contentType = ''): boolean {
  const [mediaType = ''] = contentType.split(';');
  if (mediaType.trim() !== '' && !TEXT_TYPES.test(mediaType.trim().toLowerCase())) return false;
  // What begins like JSON and is none broke off.
  if (text.length > MAX_TEXT || /^[{[]/.test(text)) return false;
  return !isMarkup(text) && !isBinary(text) && !tellsOfTrouble(text);
}

export function isMarkup(text: string): boolean {
  return MARKUP.test(text);
}

function saysError(json: unknown, depth = MAX_DEPTH): boolean {
  if (typeof json !== 'object' || json === null || depth === 0) return false;
  const members: [string, unknown][] = Object.entries(json).map(([name, value]) => [plainName(name), value]);
  if (members.some(([name, value]) => ERROR_NAMES.has(name) && holdsSomething(value))) return true;
  // A workflow may have a failed activity, or one that is called "error".
  if ('PKey' in json || 'activities' in json) return false;
  if (members.some(([name, value]) => LIKE_ERROR.test(name) && holdsSomething(value))) return true;
  return members.some(([name, value]) => isFailure(name, value) || saysError(value, depth - 1));
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

function holdsSomething(value: unknown): boolean {
  return (
    ![null, false, 0, '', '0'].some((nothing) => value === nothing) && !(Array.isArray(value) && value.length === 0)
  );
}

function isFailure(name: string, value: unknown): boolean {
  if (typeof value === 'object') return false;
  const text = String(value);
  if (RESULT_NAMES.has(name) && FAILURE.test(text)) return true;
  if (/^(?:success|ok)$/.test(name) && text === '0') return true;
  return (CODE_NAMES.has(name) && ERROR_CODE.test(text)) || (MESSAGE_NAMES.has(name) && tellsOfTrouble(text));
}

function tellsOfTrouble(text: string): boolean {
  return TROUBLE.some((words) => words.test(text));
}
