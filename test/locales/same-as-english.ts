/** Messages that are rightly the same in a language as in English: names, and words that both have. */
export const sameAsEnglish: Readonly<Record<string, readonly string[]>> = {
  fr: ['announce.production', 'announce.alias', 'form.workflow', 'help.request_id'],
  sv: ['announce.alias', 'announce.asked_because', 'button.spoken', 'help.request_id', 'decision.reason'],
  'pt-BR': [
    'announce.alias',
    'announce.asked_because',
    'button.spoken',
    'help.request_id',
    'access.rule',
    'decision.reason',
  ],
  it: [
    'announce.alias',
    'announce.asked_because',
    'button.spoken',
    'help.request_id',
    'access.rule',
    'status.title',
    'decision.reason',
  ],
  de: [
    'announce.alias',
    'announce.asked_because',
    'button.spoken',
    'form.workflow',
    'help.request_id',
    'status.title',
    'decision.reason',
  ],
  es: [
    'announce.alias',
    'announce.asked_because',
    'button.spoken',
    'help.request_id',
    'access.rule',
    'decision.reason',
  ],
};
