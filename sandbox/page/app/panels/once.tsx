import type { Deed } from '../../deeds.ts';
import type { Doing } from '../use-deed.ts';

type Props = {
  readonly name: string;
  readonly about: string;
  readonly deed: Deed;
  readonly doing: Doing;
  readonly isDangerous?: boolean;
};

/** A button with what it does. */
export function Once({ name, about, deed, doing: { act, isBusy }, isDangerous = false }: Props) {
  return (
    <div className="deed-row">
      <button
        type="button"
        className={isDangerous ? 'button button-danger' : 'button'}
        aria-disabled={isBusy}
        onClick={() => act(deed)}
      >
        {name}
      </button>
      <p>{about}</p>
    </div>
  );
}
