/** Words, folded, that begin a condition, and hardly a reason. */
const certain = phrases(
  ...[
    'once',
    'as soon as',
    'only once',
    'only when',
    'only if',
    'wait for',
    'wait until',
    'sobald',
    'erst wenn',
    'nur wenn',
  ],
  ...[
    'des que',
    "des qu'il",
    'des qu’il',
    "des qu'elle",
    'des qu’elle',
    'aussitot que',
    'une fois',
    'en cuanto',
    'una vez que',
  ],
  ...[
    'tan pronto como',
    'solo si',
    'solo cuando',
    'appena',
    'non appena',
    'una volta',
    'solo se',
    'solo quando',
    'assim que',
  ],
  ...['logo que', 'uma vez que', 'so se', 'so quando', 'sa snart', 'sa fort'],
);

/** Words that begin a condition, or a reason: "when it failed it sent twice". */
const possible = phrases(
  ...[
    'when',
    'whenever',
    'if',
    'unless',
    'wenn',
    'falls',
    'sofern',
    'quand',
    'lorsque',
    "lorsqu'il",
    'lorsqu’il',
    'si',
  ],
  ...["s'il", 's’il', 'cuando', 'quando', 'se', 'caso', 'nar', 'ifall'],
);

/** Behind them, the same words say something else: "once more", "if possible", "une fois de plus". */
const continuations: ReadonlySet<string> = new Set(
  'again more possible moglich posible possibile possivel mojligt needed necessary notig de mas mais encore ancora'.split(
    ' ',
  ),
);

/** Behind "until", they say that nobody knows yet: "until further notice". */
export const furtherNotice: ReadonlySet<string> = new Set(
  'further auf nouvel nuevo nuovo segunda nova vidare'.split(' '),
);

function phrases(...texts: readonly string[]): readonly (readonly string[])[] {
  return texts.map((text) => text.split(' '));
}

/** Whether the words open a condition. `doubted`: also where they may open a reason. */
export function opensCondition(folded: readonly string[], doubted: boolean): boolean {
  const openings = doubted ? [...certain, ...possible] : certain;
  const opening = openings.find((words) => words.every((word, at) => folded[at] === word));
  const behind = opening === undefined ? undefined : folded[opening.length];
  return behind !== undefined && !continuations.has(behind);
}
