import type { Person } from '../snapshot.ts';
import { Avatar } from './avatar.tsx';

type Props = { readonly people: readonly Person[]; readonly chosen: string; readonly onBecome: (id: string) => void };

/** Selects a person. The page shows that person's view. */
export function PersonSwitcher({ people, chosen, onBecome }: Props) {
  return (
    <fieldset className="people">
      <legend>You are</legend>
      {people.map(({ id, name, role }) => (
        <label key={id} className="choice person" title={role}>
          <input type="radio" name="person" value={id} checked={id === chosen} onChange={() => onBecome(id)} />
          <Avatar name={name} />
          <span className="person-name">{name}</span>
          <span className="person-role">{role}</span>
        </label>
      ))}
    </fieldset>
  );
}
