/** Words and forms that most of the languages have as English has them. */
const inMost = ['announce.alias', 'announce.asked_because', 'button.spoken', 'help.request_id', 'decision.reason'];

/** Messages that are rightly the same in a language as in English: names, and words that both have. */
export const sameAsEnglish: Readonly<Record<string, readonly string[]>> = {
  fr: ['announce.workflows', 'announce.production', 'announce.alias', 'form.workflow', 'help.request_id'],
  sv: inMost,
  'pt-BR': [...inMost, 'access.rule'],
  it: [...inMost, 'access.rule', 'status.title'],
  de: [...inMost, 'form.workflow', 'status.title'],
  es: [...inMost, 'access.rule'],
};
