import { describe, expect, it } from '@jest/globals';
import { type CommandWord, commandWords, verbs } from '../../src/commands/command.ts';
import { meaningAtStart, parseCommand } from '../../src/commands/grammar/parse-command.ts';
import { nearestCommands } from '../../src/commands/suggestions/nearest-name.ts';
import { buttonWords } from '../../src/commands/vocabulary/button-words.ts';
import {
  commandName,
  doubtfulNames,
  languages,
  meaningOf,
  namesIn,
} from '../../src/commands/vocabulary/command-names.ts';
import { plain, translatorFor } from '../../src/locales/translator.ts';
import { vocabulary } from './vocabulary.fixture.ts';

/** The commands of Adobe's documentation, by language: start, pause, resume, stop. */
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
  it.each(documentedNames)(
    '%s is %s, in any case, with and without accents, composed and decomposed',
    (name, command) => {
      for (const typed of [name, name.toUpperCase(), withoutAccents(name), name.normalize('NFD')]) {
        expect(meaningOf(typed)).toEqual([command]);
        const parsed = parseCommand(`${typed} WKF110`, vocabulary);
        expect(parsed).toMatchObject({ ok: true, command: { kind: 'change', verb: command } });
      }
    },
  );

  it.each(languages)('%s: every command has a name that means only this command', (language) => {
    const names = commandWords.map((command) => commandName(command, language));
    expect(new Set(names).size).toBe(commandWords.length);
    expect(names.map(meaningOf)).toEqual(commandWords.map((command) => [command]));
  });

  it.each([
    ['anhalten', ['pause', 'stop']],
    ['Abbrechen', ['stop', 'cancel']],
    ['AVBRYT', ['stop', 'cancel']],
    ['interrompre', ['pause', 'stop']],
    ['unterbrechen', ['pause', 'stop']],
    ['stanna', ['pause', 'stop']],
  ])('%s can mean two commands, and is not guessed', (typed, meanings) => {
    expect(parseCommand(`${typed} WKF110`, vocabulary)).toEqual({
      ok: false,
      error: { problem: 'doubtful_command', typed, meanings },
    });
  });

  it.each([
    'keep running, keep it running, keep, do not send, do not freeze, keep it frozen, keep frozen',
    'laisser tourner, laisse tourner, laissez tourner, laisser, laisse, laissez, ne pas envoyer, ne pas geler, maintenir le gel, maintenir',
    'låt arbetsflödet fortsätta, låt fortsätta, skicka inte, frys inte, behåll frysningen, behåll',
    'manter em execução, mantenha em execução, manter, mantenha, não enviar, não congelar, manter congelado',
    'lascia in esecuzione, lasciare in esecuzione, lascia, lasciare, non inviare, non congelare, lascia congelato',
    'dejar en marcha, deja en marcha, deje en marcha, dejar, no enviar, no congelar, mantener la congelación, mantener',
    'weiterlaufen lassen, weiterlaufen, nicht senden, nicht sperren, gesperrt lassen',
  ])('the words of the button that cancels a request can be typed: %s', (typed) => {
    for (const words of typed.split(', ')) expect([words, meaningOf(words)]).toEqual([words, ['cancel']]);
  });

  it.each([
    [
      'pause or stop',
      'suspend interrupt halt anhalten unterbrechen unterbreche unterbrich aussetzen stanna ferma fermare',
    ],
    ['pause or stop', 'sospendere sospendi suspender suspendre suspends suspendez interrompre interromps interrompez'],
    ['pause or stop', 'suspende suspenda interrumpir interrumpe interrumpa'],
    ['stop or cancel', 'abbrechen avbryt avbryta abort abortar aborta aborte'],
    ['approve or unfreeze', 'freigeben'],
  ])('means %s, and is not guessed: %s', (meanings, names) => {
    for (const name of names.split(' ')) expect([name, meaningOf(name).join(' or ')]).toEqual([name, meanings]);
  });

  it.each(doubtfulNames)('%s always means two commands', (name) => {
    const meanings = meaningOf(name);
    expect(meanings).toHaveLength(2);
    expect(new Set(meanings).size).toBe(2);
  });

  it.each([
    ['mettre en pause WKF110 mauvaise audience', 'mauvaise audience'],
    ['Mettez en\u00a0pause WKF110', ''],
    ['metti in pausa WKF110', ''],
  ])('%s pauses, in the words of the button', (typed, reason) => {
    const command = { kind: 'change', verb: 'pause', workflow: { id: 'WKF110', alias: null }, reason };
    expect(parseCommand(typed, vocabulary)).toMatchObject({ ok: true, command });
  });

  const labels = languages.flatMap((language) =>
    verbs.map((verb) => plain(translatorFor(language).translate('button.cancel', { verb }))),
  );
  const buttons = [...labels, ...Object.values(buttonWords).flat()];

  it.each([...new Set(buttons)])(
    '%s, in the words of the button, cancels a request, and is no other command',
    (words) => {
      for (const typed of [words, words.toUpperCase(), withoutAccents(words), words.normalize('NFD')]) {
        expect(meaningOf(typed)).toEqual(['cancel']);
        const command = { kind: 'decide', choice: 'cancel', request: '7K3M9QPA', reason: '' };
        expect(parseCommand(`${typed} #7k3m9qpa.`, vocabulary)).toEqual({ ok: true, command });
        expect(meaningAtStart(`/campaign-wf ${typed} 7K3M9QPA`)).toEqual(['cancel']);
        expect(parseCommand(`${typed} WKF110`, vocabulary)).toMatchObject({ error: { problem: 'bad_request' } });
      }
    },
  );

  it.each([...new Set(buttons)])(
    '%s before a workflow is part of a reason, and before a request it is a command',
    (words) => {
      const reason = `and ${words} WKF111 until 12345678 contacts are in`;
      expect(parseCommand(`stop WKF110 ${reason}`, vocabulary)).toMatchObject({ ok: true, command: { reason } });
      expect(parseCommand(`stop WKF110 and ${words} 7K3M9QPA`, vocabulary)).toMatchObject({
        error: { problem: 'several_commands', others: [`${words} 7K3M9QPA`] },
      });
    },
  );

  it('no words of a button are also the name of a command', () => {
    const names = languages.flatMap((language) => Object.values(namesIn[language]).flat()).concat(doubtfulNames);
    const folded = new Set(names.map((name) => withoutAccents(name).toLowerCase()));
    expect(buttons.filter((words) => folded.has(withoutAccents(words).toLowerCase()))).toEqual([]);
  });

  it.each(['ｓｔｏｐ', 'con\ufb01rme'])('%s, with compatible Unicode letters, is known', (typed) => {
    expect(meaningOf(typed)).toHaveLength(1);
  });

  it.each(['', 'WKF110', 'toString', '__proto__', 'nightly-load', 'ß', 'start‌er', '开始'])(
    '%p is no command',
    (typed) => {
      expect(meaningOf(typed)).toEqual([]);
    },
  );
});

describe('the table itself', () => {
  const all = languages.flatMap((language) =>
    commandWords.flatMap((command) => namesIn[language][command].map((name) => ({ name, command }))),
  );

  it('has no word for two commands', () => {
    const byWord = Map.groupBy(all, ({ name }) => withoutAccents(name).toLowerCase());
    const shared = [...byWord].filter(([, names]) => new Set(names.map(({ command }) => command)).size > 1);
    expect(shared).toEqual([]);
    expect(all.filter(({ name, command }) => String(meaningOf(name)) !== command)).toEqual([]);
  });

  it('has only words, and one single word for the bot’s own texts', () => {
    expect(all.filter(({ name }) => !/^\p{L}+(?: \p{L}+)*$/u.test(name))).toEqual([]);
    const written = languages.flatMap((language) => commandWords.map((command) => commandName(command, language)));
    expect(written.filter((name) => name.includes(' '))).toEqual([]);
  });
});

describe('a typo', () => {
  it.each([
    ['arretr', 'fr', ['arrêter']],
    ['strat', 'en', ['start']],
    ['“stop”', 'en', ['stop']],
    // The opposite of a command, or an unknown command, is no typo.
    ['unapprove', 'en', []],
    ['stopen', 'de', ['stoppen']],
    ['stpo', 'sv', ['stop']],
    // A long word may have two typos.
    ['wittdraww', 'en', ['withdraw']],
    ['fortsetsem', 'de', ['fortsetzen']],
    ['rezumme', 'en', []],
    // Names of other languages come last.
    ['fortsetzn', 'sv', ['fortsetzen']],
    ['paus', 'it', ['pausa']],
    ['paus', 'fr', ['pause']],
    ['estad', 'pt-BR', ['estado']],
    // English names are suggested in every language.
    ['cancle', 'fr', ['cancel']],
    ['sart', 'pt-BR', ['start']],
    // One may be the opposite of the other.
    ['csongela', 'it', ['congela', 'scongela']],
    ['dgele', 'fr', ['gèle', 'dégèle']],
    ['upause', 'en', ['pause', 'unpause']],
    // A name with two meanings keeps both.
    ['interrompr', 'fr', ['interromper', 'interrompre']],
    ['anhaltne', 'de', ['anhalten']],
    // With two typos, these would be "retirer", "starta" and "avslå".
    ['mettre', 'fr', []],
    ['stannar', 'sv', ['stanna']],
    ['xy', 'fr', []],
    ['x', 'fr', []],
    ['!', 'fr', []],
  ] as const)('%s, typed by a reader of %s, has the suggestions %j', (typed, language, expected) => {
    expect(nearestCommands(typed, language)).toEqual(expected);
    expect(parseCommand(typed, vocabulary)).toEqual({ ok: false, error: { problem: 'unknown_command', typed } });
  });

  it.each([
    ['restart', 'en'],
    ['omstarta', 'sv'],
    ['starta om', 'sv'],
    ['redemarrer', 'fr'],
    ['Relancer', 'fr'],
    ['reiniciar', 'es'],
    ['reinicie', 'pt-BR'],
    ['riavvia', 'it'],
    ['Neu starten', 'de'],
    ['Neustart', 'de'],
  ] as const)('%s is no command, and no typo of one, for a reader of %s', (typed, language) => {
    expect(nearestCommands(typed, language).filter((name) => !name.startsWith(typed.split(' ')[0] ?? ''))).toEqual([]);
    expect(parseCommand(typed, vocabulary)).toEqual({ ok: false, error: { problem: 'no_restart' } });
    const error = { problem: 'no_restart', target: 'WKF110' };
    expect(parseCommand(`${typed} WKF110 because`, vocabulary)).toEqual({ ok: false, error });
  });

  function typosOf(name: string): readonly string[] {
    const places = Array.from({ length: name.length }, (_, at) => at);
    const missing = places.map((at) => name.slice(0, at) + name.slice(at + 1));
    const swapped = places.map((at) => name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2));
    return [...missing, ...swapped].filter((typo) => typo.length > 1 && meaningOf(typo).length === 0);
  }

  it.each(languages)('a missing letter or two swapped ones never hide the intended command: %s', (language) => {
    const names = [language, 'en' as const].flatMap((one) => Object.values(namesIn[one]).flat());
    const hidden = names.flatMap((name) =>
      typosOf(withoutAccents(name)).filter((typo) => {
        const offered = nearestCommands(typo, language).map((found) => String(meaningOf(found)));
        return !offered.includes(String(meaningOf(name)));
      }),
    );
    expect(hidden).toEqual([]);
  });
});
