import type { InputElement, Option } from '../../../slack/views/input-block.ts';
import type { Labelled } from './labelled.ts';
import { offeredBy } from './offered.ts';

type Choice = InputElement & { type: 'static_select' };

type Props = {
  readonly element: Choice;
  readonly option: Option | null;
  readonly onChoose: (option: Option | null) => void;
  readonly labelled: Labelled;
};

export function ChoiceInput({ element, option, onChoose, labelled }: Props) {
  const choose = (value: string) => onChoose(offeredBy(element).find((each) => each.value === value) ?? null);
  const { options = [], option_groups: groups = [], placeholder } = element;
  return (
    <select {...labelled} value={option?.value ?? ''} onChange={({ target }) => choose(target.value)}>
      <option value="">{placeholder?.text ?? (labelled.required ? 'Choose one' : 'None')}</option>
      {options.map(shown)}
      {groups.map((group) => (
        <optgroup key={group.label.text} label={group.label.text}>
          {group.options.map(shown)}
        </optgroup>
      ))}
    </select>
  );
}

function shown({ text, value, description }: Option) {
  return (
    <option key={value} value={value}>
      {description === undefined ? text.text : `${text.text} – ${description.text}`}
    </option>
  );
}
