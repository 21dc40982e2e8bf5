import { type Key, type Kind, parameters } from '../locales/parameters.ts';
import { plain, type Translator } from '../locales/translator.ts';
import { consequenceOf } from '../slack/identity.ts';

/** What is looked at, in the order in which it is printed. These names are options of the program and never change. */
export const areas = [
  'settings',
  'node',
  'slack',
  'channels',
  'people',
  'ims',
  'campaign',
  'calendars',
  'clock',
  'network',
  'database',
  'port',
  'witness',
] as const;
export type Area = (typeof areas)[number];

/** `warning`: it works, or nobody can tell; `failure`: something does not work. */
export type Level = 'ok' | 'warning' | 'failure';

type FoundKey = Extract<Key, `doctor.found.${string}`>;
export type FoundName = FoundKey extends `doctor.found.${infer N}` ? N : never;

/** Findings that come with their text, in the operator's language: those of the settings and of the start. */
type ToldName =
  | 'setting_wrong'
  | 'setting_doubtful'
  | 'slack_refused'
  | 'app_token_refused'
  | 'database_unusable'
  | 'port_unusable'
  | 'witness_unusable';

type Value = string | number;
type Raw<K> = K extends 'number' ? number : string;
type Declared<N extends FoundName> = (typeof parameters)[`doctor.found.${N}`];
/** The parameters of a finding's message; pieces are not given, but follow from `reason`, `scope` and `minutes`. */
type ValuesOf<N extends FoundName> = {
  readonly [P in keyof Declared<N> as Declared<N>[P] extends 'rich' ? never : P]: Raw<Declared<N>[P]>;
};

/** One thing that was found. Names and values are the same in every language, except for a `problem`. */
export type Finding = {
  readonly level: Level;
  readonly name: FoundName | ToldName;
  readonly values: Readonly<Record<string, Value>>;
};

/** @param more values that the message does not show, or from which it follows */
export function found<N extends FoundName>(
  level: Level,
  name: N,
  values: ValuesOf<N>,
  more: Readonly<Record<string, Value>> = {},
): Finding {
  return { level, name, values: { ...values, ...more } };
}

/** A finding with its text. */
export function told(level: Level, name: ToldName, problem: string): Finding {
  return { level, name, values: { problem } };
}

/** The text of a finding, in one language. */
export function textOf({ name, values }: Finding, translator: Translator): string {
  const key = `doctor.found.${name}`;
  if (!isKey(key)) return String(values.problem);
  const translate = translator.translate as (key: Key, values: object) => ReturnType<Translator['translate']>;
  return plain(translate(key, { ...values, ...piecesOf(key, values, translator) }));
}

/** Why a service of Adobe's fails, and what a missing scope costs: texts that the bot has as well. A duration. */
function piecesOf(key: Key, { reason, scope, minutes }: Finding['values'], translator: Translator): object {
  const declared: Readonly<Record<string, Kind>> = parameters[key];
  const why = `campaign.${reason}`;
  return {
    ...(declared.why === 'rich' && isKey(why) && { why: (translator.translate as (key: Key) => unknown)(why) }),
    ...(declared.lasting === 'rich' && { lasting: translator.lasting(Number(minutes) * 60_000) }),
    ...(declared.consequence === 'rich' && { consequence: consequenceOf(String(scope), translator) }),
  };
}

function isKey(text: string): text is Key {
  return Object.hasOwn(parameters, text);
}
