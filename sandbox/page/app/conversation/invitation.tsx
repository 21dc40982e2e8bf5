import type { CommandWord } from '../../../../src/commands/command.ts';
import type { Offers, Place } from '../../snapshot.ts';
import { Brand } from '../brand.tsx';
import { placeName } from '../place-name.tsx';

const examples: readonly { readonly command: CommandWord; readonly text: string; readonly about: string }[] = [
  { command: 'help', text: '/campaign-wf help', about: 'what you may do here' },
  { command: 'pause', text: '/campaign-wf pause WKF201 wrong audience', about: 'announced and sent to Campaign' },
  { command: 'stop', text: '/campaign-wf stop WKF110 wrong audience', about: 'a lead has to confirm it' },
];

type Props = { readonly place: Place; readonly offers: Offers | undefined; readonly onTry: (text: string) => void };

/** Examples to try, in an empty channel: those that the rules permit this person. */
export function Invitation({ place, offers, onTry }: Props) {
  const offered = examples.filter(({ command }) => offers?.commands.includes(command));
  return (
    <section className="invitation" aria-label="Getting started">
      <Brand />
      <h3>This is the beginning of {placeName(place)}</h3>
      <p>
        {place.kind === 'direct'
          ? 'The bot writes here when it cannot reply in a channel. There are no messages yet.'
          : 'Type commands below. Choose one of these, then press Enter:'}
        {place.kind !== 'direct' && offered.length === 1 && ' Whatever else you type here is refused by the rules.'}
      </p>
      {place.kind !== 'direct' && (
        <ul>
          {offered.map(({ text, about }) => (
            <li key={text}>
              <button type="button" onClick={() => onTry(text)}>
                <code>{text}</code>
                <span>{about}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
