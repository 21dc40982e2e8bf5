import { useId } from 'react';

type Props = {
  readonly name: string;
  readonly about: string;
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
};

export function Switch({ name, about, isOn, onTurn }: Props) {
  const id = useId();
  return (
    <div className="switch-row">
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-labelledby={`${id}-name`}
        aria-describedby={`${id}-about`}
        onClick={() => onTurn(!isOn)}
      >
        <span className="switch" aria-hidden="true" />
        <span id={`${id}-name`}>{name}</span>
      </button>
      <p id={`${id}-about`}>{about}</p>
    </div>
  );
}
