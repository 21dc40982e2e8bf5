import type { Place } from '../../snapshot.ts';
import { Brand } from '../brand.tsx';
import { placeName } from '../place-name.tsx';

const examples = [
  { text: '/campaign-wf help', about: 'what you may do here' },
  { text: '/campaign-wf pause WKF201 wrong audience', about: 'announced and sent to Campaign, if the rules let you' },
  { text: '/campaign-wf stop WKF110 wrong audience', about: 'a lead has to confirm it, if the rules let you ask' },
];

/** Examples to try, in an empty channel. */
export function Invitation({ place, onTry }: { place: Place; onTry: (text: string) => void }) {
  return (
    <section className="invitation" aria-label="Getting started">
      <Brand />
      <h3>This is the beginning of {placeName(place)}</h3>
      <p>
        {place.kind === 'direct'
          ? 'The bot writes here when it cannot answer where something was asked. Nothing has been written yet.'
          : 'Commands are typed below. Take one of these, then press Enter:'}
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
