import { IntlMessageFormat } from 'intl-messageformat';
import en from '../../src/locales/en.json' with { type: 'json' };
import { createTranslator, type Translator } from '../../src/locales/translator.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** What the parser of intl-messageformat calls the text between the parameters. */
const literal = 0;

/** English in letters that nothing but a catalogue has: what is left in ASCII was not taken from one. */
export const pseudoWords: Translator = createTranslator('en', (key) =>
  new IntlMessageFormat(en[key], 'en').getAst().map(disguised),
);

function disguised(element: Element): Element {
  if (element.type === literal && 'value' in element) return { ...element, value: disguise(element.value) };
  if ('children' in element) return { ...element, children: element.children.map(disguised) };
  if (!('options' in element)) return element;
  const options = Object.entries(element.options).map(([name, { value, ...option }]) => [
    name,
    { ...option, value: value.map(disguised) },
  ]);
  return { ...element, options: Object.fromEntries(options) } as Element;
}

/** "Stop" becomes "Ｓｔｏｐ". */
function disguise(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));
}
