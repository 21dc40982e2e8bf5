/** Messages that are rightly the same in a language as in English: names, and words that both have. */
export const sameAsEnglish: Readonly<Record<string, readonly string[]>> = {};
