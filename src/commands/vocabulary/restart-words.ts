import { fold } from '../grammar/text.ts';

/** What people type for a restart. Campaign has none: the answer offers a stop, then a start. */
const restartWords: readonly string[] = [
  ...['restart', 'reboot', 'rerun'],
  ...['redémarrer', 'redémarre', 'redémarrez', 'relancer', 'relance', 'relancez'],
  ...['starta om', 'omstarta', 'omstart'],
  ...['reiniciar', 'reinicie', 'reinicia', 'reiniciá'],
  ...['riavviare', 'riavvia', 'riavvio'],
  ...['neu starten', 'neustarten', 'neustart', 'restarten'],
];

const folded: ReadonlySet<string> = new Set(restartWords.map(fold));

export function isRestart(typed: string): boolean {
  return folded.has(fold(typed));
}
