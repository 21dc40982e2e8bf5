import type { InputElement, Option } from '../../../slack/views/input-block.ts';
import type { Labelled } from './field.tsx';

type Props = {
  readonly element: InputElement & { type: 'static_select' };
  readonly option: Option | null;
  readonly onChoose: (option: Option | null) => void;
  readonly labelled: Labelled;
};

export function ChoiceInput({ element: { options, placeholder }, option, onChoose, labelled }: Props) {
  const choose = (value: string) => onChoose(options.find((each) => each.value === value) ?? null);
  return (
    <select {...labelled} value={option?.value ?? ''} onChange={({ target }) => choose(target.value)}>
      <option value="">{placeholder?.text ?? (labelled.required ? 'Choose one' : 'Leave open')}</option>
      {options.map(({ text, value, description }) => (
        <option key={value} value={value}>
          {description === undefined ? text.text : `${text.text} – ${description.text}`}
        </option>
      ))}
    </select>
  );
}
