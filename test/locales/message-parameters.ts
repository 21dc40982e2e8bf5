import { IntlMessageFormat } from 'intl-messageformat';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** How a message uses a parameter: `argument` inserts it, `select` and `plural` choose by it, `number` formats it. */
export type Use = {
  readonly name: string;
  readonly as: 'argument' | 'number' | 'date' | 'time' | 'select' | 'plural' | 'tag';
  /** The choices that it has words for; empty where nothing is chosen. */
  readonly choices: readonly string[];
};

// The numbers that the parser of intl-messageformat gives its kinds; `pound` is the # inside a plural.
const kinds = ['literal', 'argument', 'number', 'date', 'time', 'select', 'plural', 'pound', 'tag'] as const;

/** Every use of every parameter and tag, at any depth. Throws where the message is not well-formed. */
export function usesIn(message: string, locale: string): readonly Use[] {
  return new IntlMessageFormat(message, locale).getAst().flatMap(usesOf);
}

function usesOf(element: Element): readonly Use[] {
  const as = kinds[element.type];
  if (as === 'literal' || as === 'pound' || as === undefined || !('value' in element)) return [];
  const inner = 'children' in element ? element.children : optionsOf(element).flatMap(([, option]) => option.value);
  return [{ name: element.value, as, choices: optionsOf(element).map(([choice]) => choice) }, ...inner.flatMap(usesOf)];
}

function optionsOf(element: Element): [string, { value: Element[] }][] {
  return 'options' in element ? Object.entries(element.options) : [];
}

/** The text between the parameters. */
export function literalsIn(message: string, locale: string): readonly string[] {
  return new IntlMessageFormat(message, locale).getAst().flatMap(literalsOf);
}

function literalsOf(element: Element): readonly string[] {
  if (kinds[element.type] === 'literal' && 'value' in element) return [element.value];
  if ('children' in element) return element.children.flatMap(literalsOf);
  return optionsOf(element).flatMap(([, option]) => option.value.flatMap(literalsOf));
}
