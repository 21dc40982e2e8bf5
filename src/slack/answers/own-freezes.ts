import type { ActiveFreeze } from '../../access/freeze-windows.ts';
import { foreign, type Phrase, time } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { type MessageContext, writtenText } from '../messages/message-context.ts';
import { linesThatFit } from '../render.ts';
import type { Rights } from './invocation.ts';

/** The one freeze that concerns this person, or the names of several; `access` says of each until when, and why. */
export function describeFrozen(rights: Rights, context: MessageContext): readonly Phrase[] {
  const { translator } = context;
  const [first, ...others] = ownFreezes(rights);
  if (first === undefined) return [];
  if (others.length === 0) return [describeFreeze(first, mostOfReason, context)];
  const names = [first, ...others].slice(0, mostNames).map(([name]) => foreign(name));
  const more = others.length + 1 - names.length;
  const last = more > 0 ? [foreign(plain(translator.translate('list.more', { count: more })))] : [];
  return [translator.translate('help.frozen', { environments: translator.all([...names, ...last]) })];
}

/** How many environments are named, and how many characters of a reason are shown: about two lines of a phone. */
const mostNames = 3;
const mostOfReason = 30;

/** The most characters that freezes may take of a message. */
const maxFreezesLength = 1_500;

/** Which environments that this person's rules name are frozen now, until when, and why. */
export function describeFreezes(rights: Rights, context: MessageContext): readonly Phrase[] {
  const { translator } = context;
  const descriptions = ownFreezes(rights).map((one) => describeFreeze(one, Number.POSITIVE_INFINITY, context));
  const shown = linesThatFit(descriptions, maxFreezesLength);
  const more = descriptions.length - shown.length;
  return more === 0 ? shown : [...shown, translator.translate('access.more_frozen', { count: more })];
}

type OwnFreeze = readonly [environment: string, freeze: ActiveFreeze];

function ownFreezes({ here, frozen }: Rights): readonly OwnFreeze[] {
  const rules = here.kind === 'none' ? [] : [...here.asks, ...here.confirms, ...here.confirmsLater];
  return [...frozen].filter(([name]) => rules.some(({ environments }) => environments.has(name)));
}

function describeFreeze([environment, freeze]: OwnFreeze, most: number, context: MessageContext): Phrase {
  const characters = [...writtenText(freeze.because, context)];
  const because =
    characters.length > most
      ? `${characters
          .slice(0, most - 1)
          .join('')
          .trimEnd()}…`
      : characters.join('');
  return context.translator.translate('access.frozen', { environment, until: time(freeze.until), because });
}
