import { localTimeShape } from '../formats.ts';

/**
 * What the schema for editors says beside the types: which keys belong together, and the shape of values that the program
 * checks by reading them. Each refuses only what the program refuses as well. They stand under `allOf`, because `anyOf` is
 * a choice between kinds of values here.
 */
const durationShape = '\\d*\\.?\\d+ *[A-Za-z]*';

/** Without these keys: each is `false`, which no value is valid for. */
function without(...keys: readonly string[]) {
  return { properties: Object.fromEntries(keys.map((key) => [key, false])) };
}

function named(key: string) {
  return { required: [key], properties: { [key]: { minItems: 1 } } };
}

const fromPeople = { properties: { from: { type: 'object' } } };
const ofDays = { anyOf: [{ required: ['daily'] }, { required: ['days'] }] };

export const hints = {
  duration: `^${durationShape}$`,
  endOfPauses: `^(never|${durationShape})$`,
  localTime: localTimeShape.source,
  /** At least one person or group. */
  somebody: { allOf: [{ anyOf: [named('users'), named('groups')] }] },
  somebodyOrOnCall: { allOf: [{ anyOf: [named('users'), named('groups'), { required: ['on_call'] }] }] },
  /** An emergency takes the place of a confirmation by others. */
  rule: { dependencies: { emergency: { required: ['approval'], properties: { approval: fromPeople } } } },
  /** Nobody else may answer for whoever asks. */
  approval: { allOf: [{ anyOf: [fromPeople, { properties: { escalate: { maxItems: 0 } } }] }] },
  /** An address has a scheme, and a path of a file has none. */
  calendar: {
    allOf: [{ pattern: '\\S' }, { anyOf: [{ pattern: '^[Hh][Tt][Tt][Pp]' }, { not: { pattern: '^\\w+:' } }] }],
  },
  freeze: {
    oneOf: [
      { ...ofDays, required: ['timezone'], ...without('from', 'until') },
      { required: ['weekly', 'timezone'], ...without('from', 'until') },
      { required: ['calendar', 'timezone'], ...without('from', 'until') },
      { required: ['from', 'until'], ...without('timezone') },
    ],
  },
  quiet: { oneOf: [ofDays, { required: ['weekly'] }] },
  watch: {
    dependencies: {
      quiet: ['timezone'],
      expected_by: ['timezone'],
      timezone: { anyOf: [{ required: ['quiet'] }, { required: ['expected_by'] }] },
    },
  },
};

/** Without names of groups, which the expressions of other languages write otherwise. */
export function plainGroups(pattern: string): string {
  return pattern.replaceAll(/\(\?<\w+>/g, '(');
}
