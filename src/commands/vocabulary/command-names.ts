import { type CommandWord, commandWords } from '../command.ts';
import { fold } from '../grammar/text.ts';
import { buttonWords } from './button-words.ts';

/** The languages that commands can be typed in, as BCP 47 tags. */
export const languages = ['en', 'fr', 'sv', 'pt-BR', 'it', 'es', 'de'] as const;
export type Language = (typeof languages)[number];

type Names = Readonly<Record<CommandWord, readonly [usual: string, ...others: readonly string[]]>>;

/**
 * What people type for each command, everybody in any of the languages. The first is what the bot itself writes. The
 * four verbs are those of Adobe's documentation in that language, in the infinitive and the imperative; where people say
 * something else as well, such as "parar" or "mettre en pause", that is there too.
 */
export const namesIn: Readonly<Record<Language, Names>> = {
  en: {
    start: ['start'],
    pause: ['pause'],
    resume: ['resume', 'unpause'],
    stop: ['stop'],
    status: ['status'],
    history: ['history'],
    list: ['list'],
    access: ['access'],
    waiting: ['waiting'],
    help: ['help'],
    approve: ['approve', 'confirm', 'accept'],
    cancel: ['cancel', 'reject', 'deny', 'withdraw'],
    emergency: ['emergency'],
    review: ['review'],
    freeze: ['freeze'],
    unfreeze: ['unfreeze'],
    watch: ['watch'],
    unwatch: ['unwatch', 'stop watching', 'ignore'],
  },
  fr: {
    start: ['démarrer', 'démarre', 'démarrez', 'lancer', 'lance', 'lancez'],
    pause: ['pause', 'mettre en pause', 'mets en pause', 'mettez en pause'],
    resume: ['reprendre', 'reprends', 'reprenez'],
    stop: ['arrêter', 'arrête', 'arrêtez', 'stopper', 'stoppe', 'stoppez'],
    status: ['état', 'statut'],
    history: ['historique'],
    list: ['liste', 'lister', 'listez'],
    access: ['accès', 'droits'],
    waiting: ['attente', 'en attente'],
    help: ['aide'],
    approve: [
      'approuver',
      'approuve',
      'approuvez',
      'confirmer',
      'confirme',
      'confirmez',
      'valider',
      'valide',
      'validez',
    ],
    cancel: [
      'annuler',
      'annule',
      'annulez',
      'retirer',
      'retire',
      'retirez',
      'refuser',
      'refuse',
      'refusez',
      'rejeter',
      'rejette',
      'rejetez',
    ],
    emergency: ['urgence'],
    review: ['examiner', 'examine', 'examinez'],
    freeze: ['geler', 'gèle', 'gelez'],
    unfreeze: ['dégeler', 'dégèle', 'dégelez', 'lever', 'lève', 'levez'],
    watch: ['surveiller', 'surveille', 'surveillez'],
    unwatch: ['ignorer', 'ignorez', 'cesser de surveiller', 'arrêter de surveiller'],
  },
  sv: {
    start: ['starta'],
    pause: ['pausa'],
    resume: ['återuppta', 'fortsätt', 'fortsätta'],
    stop: ['stoppa', 'avsluta'],
    status: ['status'],
    history: ['historik'],
    list: ['lista'],
    access: ['behörighet', 'behörigheter', 'åtkomst', 'rättigheter'],
    waiting: ['väntar', 'väntande'],
    help: ['hjälp'],
    approve: ['godkänn', 'godkänna', 'bekräfta'],
    cancel: ['återkalla', 'ångra', 'avvisa', 'avslå', 'neka'],
    emergency: ['nödläge', 'nödfall'],
    review: ['granska', 'granskning'],
    freeze: ['frys', 'frysa'],
    unfreeze: ['tina', 'häv', 'häva'],
    watch: ['bevaka', 'övervaka'],
    unwatch: ['ignorera', 'sluta bevaka', 'sluta övervaka'],
  },
  'pt-BR': {
    start: ['iniciar', 'inicie', 'inicia'],
    pause: ['pausar', 'pause', 'pausa'],
    resume: ['retomar', 'retome', 'retoma'],
    stop: ['parar', 'pare', 'interromper', 'interrompa', 'interrompe'],
    status: ['status', 'estado', 'situação'],
    history: ['histórico'],
    list: ['lista', 'listar', 'liste'],
    access: ['acesso', 'acessos', 'permissões'],
    waiting: ['pendências', 'pendentes', 'pendente'],
    help: ['ajuda'],
    approve: ['aprovar', 'aprove', 'aprova', 'confirmar', 'confirme', 'confirma'],
    cancel: ['cancelar', 'cancele', 'cancela', 'rejeitar', 'rejeite', 'rejeita', 'recusar', 'recuse', 'recusa'],
    emergency: ['emergência'],
    review: ['revisar', 'revise', 'revisa', 'revisão'],
    freeze: ['congelar', 'congele', 'congela'],
    unfreeze: ['descongelar', 'descongele', 'descongela'],
    watch: ['monitorar', 'monitore', 'monitora', 'vigiar'],
    unwatch: ['ignorar', 'ignora', 'deixar de monitorar', 'parar de monitorar'],
  },
  it: {
    start: ['avvia', 'avviare', 'inizio'],
    pause: ['pausa', 'metti in pausa', 'mettere in pausa'],
    resume: ['riprendi', 'riprendere'],
    stop: ['interrompi', 'interrompere', 'interruzione', 'arresta', 'arrestare'],
    status: ['stato'],
    history: ['cronologia', 'storico'],
    list: ['elenco', 'elenca', 'elencare', 'lista'],
    access: ['permessi', 'accesso', 'accessi'],
    waiting: ['attesa', 'in attesa'],
    help: ['aiuto'],
    approve: ['approva', 'approvare', 'conferma', 'confermare'],
    cancel: ['annulla', 'annullare', 'rifiuta', 'rifiutare'],
    emergency: ['emergenza'],
    review: ['esamina', 'esaminare'],
    freeze: ['congela', 'congelare'],
    unfreeze: ['scongela', 'scongelare'],
    watch: ['sorveglia', 'sorvegliare', 'monitora', 'monitorare'],
    unwatch: ['ignora', 'ignorare', 'smetti di sorvegliare', 'non sorvegliare più'],
  },
  es: {
    start: ['iniciar', 'inicia', 'inicie'],
    pause: ['pausar', 'pausa', 'pause'],
    resume: ['reanudar', 'reanuda', 'reanude'],
    stop: ['detener', 'detén', 'detenga', 'detené', 'parar'],
    status: ['estado', 'estatus'],
    history: ['historial'],
    list: ['lista', 'listar', 'liste', 'listado'],
    access: ['acceso', 'accesos', 'permisos'],
    waiting: ['pendientes', 'pendiente'],
    help: ['ayuda'],
    approve: ['aprobar', 'aprueba', 'apruebe', 'aprobá', 'confirmar', 'confirma', 'confirme'],
    cancel: [
      'cancelar',
      'cancela',
      'cancele',
      'retirar',
      'retira',
      'retire',
      'anular',
      'anula',
      'anule',
      'rechazar',
      'rechaza',
    ],
    emergency: ['emergencia'],
    review: ['revisar', 'revisa', 'revise', 'revisá'],
    freeze: ['congelar', 'congela', 'congele'],
    unfreeze: ['descongelar', 'descongela', 'descongele', 'levantar', 'levanta', 'levante'],
    watch: ['vigilar', 'vigila', 'vigile', 'vigilá', 'monitorizar', 'monitorear'],
    unwatch: ['ignorar', 'ignora', 'dejar de vigilar', 'deja de vigilar'],
  },
  de: {
    start: ['starten', 'starte'],
    pause: ['pausieren', 'pausiere'],
    resume: ['fortsetzen', 'fortfahren'],
    stop: ['stoppen', 'stoppe', 'stopp', 'beenden', 'beende'],
    status: ['status', 'zustand'],
    history: ['verlauf', 'historie'],
    list: ['liste', 'auflisten'],
    access: ['rechte', 'zugriff'],
    waiting: ['offen', 'offene', 'wartend'],
    help: ['hilfe'],
    approve: ['bestätigen', 'bestätige', 'bestaetigen', 'bestaetige', 'genehmigen', 'genehmige'],
    cancel: ['zurückziehen', 'zurueckziehen', 'zurücknehmen', 'zuruecknehmen', 'stornieren', 'storniere', 'ablehnen'],
    emergency: ['notfall'],
    review: ['prüfen', 'prüfe', 'prüf'],
    freeze: ['sperren', 'sperre', 'einfrieren'],
    unfreeze: ['entsperren', 'entsperre', 'auftauen', 'aufheben'],
    watch: ['überwachen', 'überwache', 'ueberwachen', 'ueberwache', 'beobachten', 'beobachte'],
    unwatch: ['ignorieren', 'ignoriere', 'nicht mehr überwachen', 'nicht mehr beobachten'],
  },
};

/** Words that one takes for this command and another for that: they are asked what they mean. */
const doubtful: Readonly<Record<string, readonly [CommandWord, CommandWord]>> = {
  suspend: ['pause', 'stop'],
  interrupt: ['pause', 'stop'],
  halt: ['pause', 'stop'],
  anhalten: ['pause', 'stop'],
  unterbrechen: ['pause', 'stop'],
  unterbreche: ['pause', 'stop'],
  unterbrich: ['pause', 'stop'],
  aussetzen: ['pause', 'stop'],
  abbrechen: ['stop', 'cancel'],
  freigeben: ['approve', 'unfreeze'],
  stanna: ['pause', 'stop'],
  avbryt: ['stop', 'cancel'],
  avbryta: ['stop', 'cancel'],
  abort: ['stop', 'cancel'],
  abortar: ['stop', 'cancel'],
  aborta: ['stop', 'cancel'],
  aborte: ['stop', 'cancel'],
  ferma: ['pause', 'stop'],
  fermare: ['pause', 'stop'],
  sospendere: ['pause', 'stop'],
  sospendi: ['pause', 'stop'],
  suspender: ['pause', 'stop'],
  suspendre: ['pause', 'stop'],
  suspends: ['pause', 'stop'],
  suspendez: ['pause', 'stop'],
  interrompre: ['pause', 'stop'],
  interromps: ['pause', 'stop'],
  interrompez: ['pause', 'stop'],
  suspende: ['pause', 'stop'],
  suspenda: ['pause', 'stop'],
  interrumpir: ['pause', 'stop'],
  interrumpe: ['pause', 'stop'],
  interrumpa: ['pause', 'stop'],
};

export const doubtfulNames: readonly string[] = Object.keys(doubtful);

/** One command, several that it could be, or none. */
export type Meaning = readonly CommandWord[];

const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...languages.flatMap((language) =>
    commandWords.flatMap((command) =>
      namesIn[language][command].map((name): [string, Meaning] => [fold(name), [command]]),
    ),
  ),
  ...languages.flatMap((language) =>
    buttonWords[language].map((words): [string, Meaning] => [fold(words), ['cancel']]),
  ),
  ...Object.entries(doubtful).map(([word, commands]): [string, Meaning] => [fold(word), commands]),
]);

/** In words. */
export const longestName = Math.max(...Array.from(meanings.keys(), (name) => name.split(' ').length));

/** What the name means: case and accents do not matter. */
export function meaningOf(typed: string): Meaning {
  return meanings.get(fold(typed)) ?? [];
}

const foldedButtonWords: ReadonlySet<string> = new Set(Object.values(buttonWords).flat().map(fold));

/** Whether this means `cancel` only because a button says so. */
export function isButtonWord(typed: string): boolean {
  return foldedButtonWords.has(fold(typed));
}

/** The command as the bot itself writes it in that language. */
export function commandName(command: CommandWord, language: Language): string {
  return namesIn[language][command][0];
}
