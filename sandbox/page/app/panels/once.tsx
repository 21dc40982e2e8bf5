import type { Deed } from '../../deeds.ts';
import { useDeed } from '../use-deed.ts';

type Props = {
  readonly name: string;
  readonly about: string;
  readonly deed: Deed;
  readonly isDangerous?: boolean;
};

/** A button with what it does. */
export function Once({ name, about, deed, isDangerous = false }: Props) {
  const { isBusy, problem, act } = useDeed();
  return (
    <>
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
      <p role="alert" className="problem" hidden={problem === null}>
        {problem}
      </p>
    </>
  );
}
