import { useId } from 'react';
import type { Input } from '../../../slack/views/inputs.ts';
import { ChoiceInput } from './choice-input.tsx';
import type { InputValue } from './input-value.ts';
import type { Labelled } from './labelled.ts';
import { SearchInput } from './search-input.tsx';
import { TextInput } from './text-input.tsx';
import type { Suggesting } from './use-suggestions.ts';

type Props = {
  readonly input: Input;
  readonly hint: string | null;
  readonly error: string | null;
  readonly inputValue: InputValue;
  readonly onInputValue: (inputValue: InputValue) => void;
  readonly suggesting: Suggesting;
};

/** An input with its label above, and its hint and error below. */
export function Field(props: Props) {
  const { input, hint, error } = props;
  const id = useId();
  const described = [error !== null && `${id}-error`, hint !== null && `${id}-hint`].filter((each) => each !== false);
  const labelled: Labelled = {
    id,
    required: !input.optional,
    'aria-describedby': described.join(' ') || undefined,
    'aria-invalid': error !== null,
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        {input.label}
        {input.optional && <span className="optional"> (optional)</span>}
      </label>
      <FieldInput {...props} labelled={labelled} />
      {error !== null && (
        <p id={`${id}-error`} className="error">
          {error}
        </p>
      )}
      {hint !== null && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

function FieldInput({
  input,
  inputValue,
  onInputValue,
  suggesting,
  labelled,
}: Props & { readonly labelled: Labelled }) {
  const { element, actionId } = input;
  const option = 'option' in inputValue ? inputValue.option : null;
  const choose = (chosen: typeof option) => onInputValue({ option: chosen });
  switch (element.type) {
    case 'plain_text_input':
      return (
        <TextInput
          element={element}
          text={'text' in inputValue ? inputValue.text : ''}
          onText={(text) => onInputValue({ text })}
          labelled={labelled}
        />
      );
    case 'static_select':
      return <ChoiceInput element={element} option={option} onChoose={choose} labelled={labelled} />;
    case 'external_select':
      return (
        <SearchInput
          element={element}
          actionId={actionId}
          option={option}
          onChoose={choose}
          suggesting={suggesting}
          labelled={labelled}
        />
      );
    default:
      return element satisfies never;
  }
}
