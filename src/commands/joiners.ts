// What joins two names, in the languages that commands can be typed in. Other words before a name make it part of a
// reason: "because WKF111 failed" is a good one.
export const joiners: ReadonlySet<string> = new Set(
  [
    ['and', 'or', 'with', 'also', 'plus', 'then'],
    ['et', 'ou', 'avec', 'aussi', 'puis'],
    ['och', 'eller', 'med', 'samt', 'ocksa', 'sedan'],
    ['e', 'ou', 'com', 'tambem', 'mais', 'depois'],
    ['e', 'ed', 'o', 'oppure', 'con', 'anche', 'piu', 'poi'],
    ['y', 'e', 'o', 'u', 'con', 'tambien', 'mas', 'luego'],
    ['und', 'oder', 'mit', 'auch', 'sowie', 'dann'],
  ].flat(),
);

// Beside what joins two workflows: before a workflow alone, these are part of a reason.
export const commandJoiners: ReadonlySet<string> = new Set(
  [
    ['campaign-wf', 'but', 'next', 'afterwards', 'now', 'instead', 'please'],
    ['mais', 'ensuite', 'apres', 'maintenant', 'svp', 'stp'],
    ['men', 'darefter', 'nu', 'tack'],
    ['mas', 'agora', 'depois', 'favor'],
    ['ma', 'dopo', 'ora', 'adesso', 'favore'],
    ['pero', 'despues', 'ahora', 'favor'],
    ['aber', 'danach', 'anschliessend', 'jetzt', 'bitte'],
  ].flat(),
);
