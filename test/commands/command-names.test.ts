import { describe, expect, it } from '@jest/globals';
import { type CommandWord, commandWords, verbs } from '../../src/commands/command.ts';
import { commandName, languages, meaningOf, namesIn, nearestCommand } from '../../src/commands/command-names.ts';
import { parseCommand } from '../../src/commands/parse-command.ts';
import { vocabulary } from './vocabulary.fixture.ts';

/** Adobe's documentation of the command, by language: start, pause, resume, stop. */
const documented: [string, ...string[][]][] = [
  ['en', ['start'], ['pause'], ['resume'], ['stop']],
  ['fr', ['démarrer', 'démarre', 'démarrez'], ['pause'], ['reprendre', 'reprends'], ['arrêter', 'arrête', 'arrêtez']],
  ['sv', ['starta'], ['pausa'], ['återuppta'], ['stoppa']],
  ['pt', ['iniciar', 'inicie', 'start'], ['pausar', 'pause'], ['retomar', 'retome'], ['parar', 'interromper', 'pare']],
  ['it', ['avviare', 'avvia', 'inizio'], ['pausa'], ['riprendi', 'riprendere'], ['interruzione', 'interrompi']],
  ['es', ['iniciar', 'inicia', 'start'], ['pausar', 'pausa'], ['reanudar', 'reanuda'], ['detener', 'detén', 'stop']],
  ['de', ['starten', 'starte'], ['pausieren', 'pausiere'], ['fortsetzen'], ['stoppen', 'stoppe', 'beenden']],
];

const documentedNames = documented.flatMap(([, ...byVerb]) =>
  byVerb.flatMap((names, index) => names.map((name): [string, CommandWord] => [name, verbs[index] ?? 'help'])),
);

const withoutAccents = (word: string) => word.normalize('NFD').replace(/\p{M}/gu, '');

describe('the commands in seven languages', () => {
  it.each(documentedNames)('%s is %s, in any case, with accents or without, composed or not', (name, command) => {
    for (const typed of [name, name.toUpperCase(), withoutAccents(name), name.normalize('NFD')]) {
      expect(meaningOf(typed)).toEqual([command]);
      const parsed = parseCommand(`${typed} WKF110`, vocabulary);
      expect(parsed).toMatchObject({ ok: true, command: { kind: 'change', verb: command } });
    }
  });

  it.each(languages)('%s: every command has a name of its own, which means it and nothing else', (language) => {
    const names = commandWords.map((command) => commandName(command, language));
    expect(new Set(names).size).toBe(commandWords.length);
    expect(names.map(meaningOf)).toEqual(commandWords.map((command) => [command]));
  });

  it.each([
    ['anhalten', ['pause', 'stop']],
    ['Abbrechen', ['stop', 'cancel']],
    ['AVBRYT', ['stop', 'cancel']],
    ['interrompre', ['pause', 'stop']],
  ])('%s could be two, and is not guessed', (typed, meanings) => {
    expect(parseCommand(`${typed} WKF110`, vocabulary)).toEqual({
      ok: false,
      error: { problem: 'doubtful_command', typed, meanings },
    });
  });

  it.each(['', 'WKF110', 'toString', '__proto__', 'nightly-load', 'ß', 'start‌er', '开始'])('%p is none', (typed) => {
    expect(meaningOf(typed)).toEqual([]);
  });
});

describe('the table itself', () => {
  const all = languages.flatMap((language) =>
    commandWords.flatMap((command) => namesIn[language][command].map((name) => ({ name, command }))),
  );

  it('gives no word to two commands', () => {
    const byWord = Map.groupBy(all, ({ name }) => withoutAccents(name).toLowerCase());
    const shared = [...byWord].filter(([, names]) => new Set(names.map(({ command }) => command)).size > 1);
    expect(shared).toEqual([]);
    expect(all.filter(({ name, command }) => String(meaningOf(name)) !== command)).toEqual([]);
  });

  it('has only what can be typed as one word', () => {
    expect(all.filter(({ name }) => !/^\p{L}+$/u.test(name))).toEqual([]);
  });
});

describe('a slip', () => {
  it.each([
    ['arretr', 'fr', 'arrêter'],
    ['strat', 'en', 'start'],
    // The opposite, or something that there is not, is no slip.
    ['unapprove', 'en', null],
    ['restart', 'en', null],
    ['redemarrer', 'fr', null],
    ['reiniciar', 'es', null],

    ['stopen', 'de', 'stoppen'],
    ['stpo', 'sv', 'stop'],
    // Those of another language come last.
    ['fortsetzn', 'sv', 'fortsetzen'],
    ['paus', 'it', 'pausa'],
    ['paus', 'fr', 'pause'],
    ['estad', 'pt-BR', 'estado'],
    ['xy', 'fr', null],
  ] as const)('%s, of somebody who reads %s, is perhaps %s', (typed, language, expected) => {
    expect(nearestCommand(typed, language)).toBe(expected);
    expect(parseCommand(typed, vocabulary)).toEqual({ ok: false, error: { problem: 'unknown_command', typed } });
  });
});
