import { describe, expect, it } from '@jest/globals';
import { commandWords } from '../../src/commands/command.ts';
import { parseCommand } from '../../src/commands/grammar/parse-command.ts';
import { checkReason } from '../../src/commands/grammar/read-reason.ts';
import { languages, namesIn } from '../../src/commands/vocabulary/command-names.ts';
import { vocabulary } from './vocabulary.fixture.ts';

const lines = (text: string) => {
  const parsed = parseCommand(text, vocabulary);
  if (parsed.ok || parsed.error.problem !== 'several_commands') return parsed;
  return [parsed.error.first, ...parsed.error.others];
};

describe('a second command is never taken for a reason', () => {
  it.each([
    ['stop WKF1005\nstop WKF1006', 'stop WKF1005', 'stop WKF1006'],
    ['stop WKF1 bad\r\nstop WKF2 bad\n/campaign-wf stop WKF3', 'stop WKF1 bad', 'stop WKF2 bad', 'stop WKF3'],
    ['stop WKF1\u2028stop payroll-export', 'stop WKF1', 'stop payroll-export'],
    ['pause WKF1 and pause WKF2', 'pause WKF1', 'pause WKF2'],
    ['stop WKF1 and then please also stop the workflow WKF2', 'stop WKF1', 'stop WKF2'],
    ['stop WKF1 wrong audience, and pause nightly load', 'stop WKF1 wrong audience', 'pause nightly load'],
    ['stop WKF1 /campaign-wf stop payroll', 'stop WKF1', 'stop payroll'],
    ['stop WKF1 stop WKF2', 'stop WKF1', 'stop WKF2'],
    ['stop WKF1 bad. Stop WKF2.', 'stop WKF1 bad', 'Stop WKF2'],
    ['stop WKF1 audience;stop WKF2', 'stop WKF1 audience', 'stop WKF2'],
    ['stop WKF1,stop WKF2', 'stop WKF1', 'stop WKF2'],
    ['stop WKF1 x\n2) stop WKF2', 'stop WKF1 x', 'stop WKF2'],
    ['1. stop WKF1\n2. stop WKF2', 'stop WKF1', 'stop WKF2'],
    ['• stop WKF1\n• stop WKF2', 'stop WKF1', 'stop WKF2'],
    ['stop WKF1 and stop --env stage WKF2 oops', 'stop WKF1', 'stop --env stage WKF2 oops'],
    ['stop WKF1 and stop nightly-laod', 'stop WKF1', 'stop nightly-laod'],
    ['stop WKF1, stop cleanup_2', 'stop WKF1', 'stop cleanup_2'],
    ['stop WKF1 and halt WKF2', 'stop WKF1', 'halt WKF2'],
    ['stop WKF1 and cancel WKF2', 'stop WKF1', 'cancel WKF2'],
    ['stop WKF1 bad, approve 7K3M9QPA', 'stop WKF1 bad', 'approve 7K3M9QPA'],
    ['stop WKF1\nfreeze prod 2h oops', 'stop WKF1', 'freeze prod 2h oops'],
    ['freeze prod 2h wrong list\nstop WKF1', 'freeze prod 2h wrong list', 'stop WKF1'],
    ['freeze prod 2h stop WKF1', 'freeze prod 2h', 'stop WKF1'],
    ['unfreeze prod and start WKF1', 'unfreeze prod', 'start WKF1'],
    ['status WKF1\nstatus WKF2', 'status WKF1', 'status WKF2'],
    ['approve 7K3M9QPA\napprove 7K3M9QPB', 'approve 7K3M9QPA', 'approve 7K3M9QPB'],
    ['history and stop WKF2', 'history', 'stop WKF2'],
    ['help\nstop WKF2', 'help', 'stop WKF2'],
    ['stop nightly-laod and stop WKF2', 'stop nightly-laod', 'stop WKF2'],
    ['anhalten WKF1; anhalten WKF2', 'anhalten WKF1', 'anhalten WKF2'],
    ['stop WKF1\nstop 1006', 'stop WKF1', 'stop 1006'],
    ['stop WKF1 and stop 1006', 'stop WKF1', 'stop 1006'],
    ['stop 1005\nstop 1006', 'stop 1005', 'stop 1006'],
    ['stop WKF1 and stop job WKF2', 'stop WKF1', 'stop WKF2'],
    ['stop WKF1 et arrête le flux de travail WKF2', 'stop WKF1', 'arrête WKF2'],
    ['stop WKF1 und stoppe den Ablauf WKF2', 'stop WKF1', 'stoppe WKF2'],
    ['stop WKF1\nThen: stop WKF2', 'stop WKF1', 'stop WKF2'],
    ['stop WKF1\n`stop WKF2`', 'stop WKF1', 'stop WKF2'],
    ['stop WKF1\n*stop WKF2*', 'stop WKF1', 'stop WKF2'],
    ['stop WKF1 x\n1\ufe0f\u20e3 stop WKF2', 'stop WKF1 x', 'stop WKF2'],
    ['stop WKF1 ① stop WKF2', 'stop WKF1', 'stop WKF2'],
    ['access <@U0BOB>\nstop WKF2', 'access <@U0BOB>', 'stop WKF2'],
    ['stop WKF1 for <@U0BOB|bob> stop WKF2', 'stop WKF1 for <@U0BOB|bob>', 'stop WKF2'],
    ['stop nightly-load stop prod', 'stop nightly-load', 'stop prod'],
    ['stop WKF1 bad, stop on prod', 'stop WKF1 bad', 'stop on prod'],
    ['stop WKF1 und anhalten in Stage.', 'stop WKF1', 'anhalten in Stage'],
    ['stop WKF1 puis arrêter @prod, merci', 'stop WKF1', 'arrêter prod, merci'],
    ['stop WKF1 bad\nhistory stage', 'stop WKF1 bad', 'history stage'],
    ['stop WKF1; freeze in prod', 'stop WKF1', 'freeze in prod'],
    ['freeze prod 2h stop stage', 'freeze prod 2h', 'stop stage'],
    ['stop WKF1 bad, abort in stage', 'stop WKF1 bad', 'abort in stage'],
    ['stop WKF1 und abbrechen in Stage', 'stop WKF1', 'abbrechen in Stage'],
    ['stop WKF1 bad, freigeben stage', 'stop WKF1 bad', 'freigeben stage'],
  ])('%j', (text, ...expected) => expect(lines(text)).toEqual(expected));

  it('with an alias that is typed as several words', () => {
    const aliases = [{ name: 'weekly-big-load', workflowId: 'WKF2', environment: null, label: null }];
    expect(parseCommand('stop WKF1 and stop weekly big load', { ...vocabulary, aliases })).toMatchObject({
      error: { problem: 'several_commands', others: ['stop weekly big load'] },
    });
  });

  const joiners = [
    ...['and', 'then', 'et', 'puis', 'och', 'sedan', 'e depois', 'e poi', 'y luego', 'und dann'],
    ...['as well as', 'followed by', 'after that', 'then could you please', 'so', 'next:', 'and also:'],
    ...['alors', 'ainsi que', 'ou bien', "s'il te plaît", 's’il vous plaît,', 'et ensuite', 'puis, en plus,'],
    ...['så', 'därefter', 'och dessutom', 'efter det', 'assim como', 'além disso', 'em seguida', 'então'],
    ...['in seguito', 'così come', 'e inoltre', 'quindi', 'así como', 'y además', 'a continuación', 'entonces'],
    ...['außerdem', 'sowie ausserdem', 'anschließend', 'zusammen mit', 'bzw.', 'und kannst du bitte'],
    ...[
      ',',
      ';',
      '&&',
      '&',
      '+',
      '|',
      '/',
      '-',
      '–',
      '—',
      '->',
      '→',
      '•',
      '\n- ',
      '\n* ',
      '\n3. ',
      '\n(b) ',
      '. ',
      '!',
    ],
  ];
  it.each(joiners)('joined by %j', (joiner) => {
    for (const reason of ['', ' wrong audience']) {
      expect(lines(`stop WKF1${reason} ${joiner} stop WKF2`)).toEqual([`stop WKF1${reason}`, 'stop WKF2']);
    }
  });

  const conjunctions: Readonly<Record<string, string>> = {
    en: 'and, or, with, also, plus, then, but, next, afterwards, now, instead, please, pls, plz, kindly, so, finally',
    'en, more': 'along with, together with, in addition, in addition to, additionally, besides, moreover, furthermore',
    'en, polite':
      'likewise, later, meanwhile, at the same time, can you, could you, would you, thanks, thank you, next up, and so on',
    fr: 'et, ou, avec, aussi, puis, mais, ensuite, après, maintenant, svp, stp, s’il te plaît, s’il vous plaît, merci de, merci d’',
    'fr, more':
      'alors, ainsi que, en plus, de plus, également, donc, enfin, ou bien, après ça, après cela, par ailleurs, en outre',
    'fr, polite': 'veuillez, peux tu, pouvez-vous, suivi de, la suite, pareil',
    sv: 'och, eller, med, samt, också, sedan, men, därefter, nu, tack, så, även, dessutom, sen, efter det, slutligen',
    'sv, more': 'tillsammans med, snälla, vänligen, kan du, liksom, därpå, samtidigt, följt av, eller också',
    pt: 'e, ou, com, também, mais, depois, mas, agora, favor, por favor, assim como, bem como, além disso, em seguida, então',
    'pt, more': 'depois disso, logo, por fim, igualmente, junto com, ou então, seguido de, ao mesmo tempo',
    it: 'e, ed, o, oppure, con, anche, più, poi, ma, dopo, ora, adesso, favore, per favore, in seguito, quindi, inoltre',
    'it, more':
      'così come, nonché, insieme a, infine, allora, dopodiché, successivamente, pure, per piacere, seguito da, ovvero',
    es: 'y, e, o, u, con, también, mas, luego, pero, después, ahora, favor, así como, además, entonces, a continuación',
    'es, more':
      'junto con, o bien, por último, finalmente, igualmente, seguido de, luego de eso, después de eso, al mismo tiempo',
    de: 'und, oder, mit, auch, sowie, dann, aber, danach, anschließend, jetzt, bitte, außerdem, zudem, ebenso, ebenfalls, dazu',
    'de, more':
      'zusammen mit, gleichzeitig, schließlich, zuletzt, beziehungsweise, bzw, bzw., gefolgt von, so, nachher',
    'de, polite': 'kannst du, können Sie, könntest du, des Weiteren, als Nächstes, im Anschluss',
  };
  it.each(Object.entries(conjunctions))('joined by every conjunction of the language: %s', (_, words) => {
    const found = words.split(', ').map((joiner) => [joiner, lines(`stop WKF1 bad ${joiner} stop WKF2`)]);
    expect(found).toEqual(words.split(', ').map((joiner) => [joiner, ['stop WKF1 bad', 'stop WKF2']]));
  });

  it.each([
    ['en', 'the my our this that other workflow workflows both too job id number'],
    ['fr', 'le la les l mon notre flux travail numéro'],
    ['sv', 'arbetsflöde arbetsflödet flöde flödet nummer'],
    ['pt', 'o os fluxo de trabalho'],
    ['it', 'il lo i gli flusso di lavoro'],
    ['es', 'el los mi nuestro flujo trabajo proceso'],
    ['de', 'den der die das meinen unseren diesen Ablauf Arbeitsablauf'],
  ])('with any word between the command and its workflow: %s', (_, words) => {
    for (const word of words.split(' '))
      expect([word, lines(`stop WKF1 and stop ${word} WKF2`)]).toEqual([word, ['stop WKF1', 'stop WKF2']]);
  });

  it.each(languages)('with every name of a command: %s', (language) => {
    const commands = commandWords.filter((command) => command !== 'list');
    for (const name of commands.flatMap((command) => namesIn[language][command])) {
      expect(lines(`stop WKF1 wrong audience, ${name} WKF2`)).toEqual(['stop WKF1 wrong audience', `${name} WKF2`]);
    }
  });

  it.each(languages)('except for a list, of which reasons speak more often: %s', (language) => {
    for (const name of namesIn[language].list) {
      expect(parseCommand(`stop WKF1 wrong audience, ${name} WKF2 is right`, vocabulary)).toMatchObject({ ok: true });
    }
  });
});

describe('a reason that mentions a command stays a reason', () => {
  it.each([
    'because we stop the trial',
    'because stop WKF2 failed',
    'wrong list, stop trial - run is over',
    'start of season sale',
    'stop',
    'please stop',
    'we had to stop WKF2 first',
    'customer asked to stop WKF2',
    'because WKF2 failed',
    'wrong list\nbecause WKF2 failed',
    'and stop the trial',
    'non-stop WKF2',
    'wrong, stop e-mails now',
    'and cancel shipment',
    'wrong list\nstart of sale tomorrow',
    'client says: stop WKF110',
    'Bob typed "stop WKF2" by mistake',
    'see https://acme.example/a,stop/WKF2',
    'restart, see WKF2',
    '- start of WKF2 is delayed',
    'status: WKF2 failed',
    'wrong, stop prod mailings',
    'stop prod was wrong',
    'start prod release',
    'we had to stop prod',
    'Freeze, prod is down',
    'the start/stop times',
    'start and stop times are wrong',
    'approved, start CHG0012345',
    'see ticket, cancel INC-12345',
    'wrong list, stop COVID-19 list',
    'old season; start 2027',
    'wrong price, start 10:30',
    'wrong price, start 10.30',
    'wrong, stop 3 lists',
    'wrong list, status WKF2 is unknown',
    'Bob asked: "please stop WKF2"',
    "parce qu'on arrête l'essai",
    'nous avons dû arrêter WKF2',
    'eftersom vi stoppar testet',
    'stoppa utskicket, och starta om i morgon',
    'porque paramos o teste, e parar tudo',
    'inizio dei saldi, e interrompi la prova',
    'inicia la temporada, y detener el envío',
    'weil wir den Test stoppen, und Start der Saison',
    'nach dem Stopp von WKF2',
  ])('%j', (reason) => {
    expect(parseCommand(`pause WKF1 ${reason}`, vocabulary)).toMatchObject({
      ok: true,
      command: { kind: 'change', verb: 'pause', workflow: { id: 'WKF1' }, reason: reason.replace('\n', ' ') },
    });
  });
});

describe('the reason of a form', () => {
  it('cannot contain a command either', () => {
    for (const reason of ['wrong audience\nstop WKF1006', 'stop WKF1006', 'wrong audience; stop WKF1006']) {
      expect(checkReason(reason, vocabulary)).toEqual({
        ok: false,
        error: { problem: 'several_commands', first: null, others: ['stop WKF1006'] },
      });
    }
    expect(checkReason('because we stop the trial', vocabulary)).toMatchObject({ ok: true });
  });
});
