import type { Place } from '../../snapshot.ts';
import { Brand } from '../brand.tsx';
import { placeName } from '../place-name.tsx';

const examples = [
  { text: '/campaign-wf help', about: 'what you may do here' },
  { text: '/campaign-wf pause WKF201 wrong audience', about: 'announced and sent to Campaign, if the rules permit it' },
  { text: '/campaign-wf stop WKF110 wrong audience', about: 'a lead has to confirm it, if the rules permit it' },
];

/** Examples to try, in an empty channel. */
export function Invitation({ place, onTry }: { place: Place; onTry: (text: string) => void }) {
  return (
    <section className="invitation" aria-label="Getting started">
      <Brand />
      <h3>This is the beginning of {placeName(place)}</h3>
      <p>
        {place.kind === 'direct'
          ? 'The bot writes here when it cannot reply in a channel. There are no messages yet.'
          : 'Type commands below. Choose one of these, then press Enter:'}
      </p>
      {place.kind !== 'direct' && (
        <ul>
          {examples.map(({ text, about }) => (
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
