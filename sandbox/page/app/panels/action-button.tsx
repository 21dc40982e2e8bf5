import type { Action } from '../../actions.ts';
import { useAction } from '../use-action.ts';

type Props = {
  readonly name: string;
  readonly about: string;
  readonly action: Action;
  readonly isDangerous?: boolean;
};

/** A button with a description. */
export function ActionButton({ name, about, action, isDangerous = false }: Props) {
  const { isBusy, problem, act } = useAction();
  return (
    <>
      <div className="action-row">
        <button
          type="button"
          className={isDangerous ? 'button button-danger' : 'button'}
          aria-disabled={isBusy}
          onClick={() => act(action)}
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
