import type { InputElement } from '../../../slack/views/input-block.ts';
import type { Labelled } from './labelled.ts';

type Props = {
  readonly element: InputElement & { type: 'plain_text_input' };
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly labelled: Labelled;
};

export function TextInput({ element, text, onText, labelled }: Props) {
  const { min_length, max_length, multiline = false, placeholder } = element;
  const shared = {
    ...labelled,
    value: text,
    minLength: min_length,
    maxLength: max_length,
    placeholder: placeholder?.text,
  };
  if (multiline) return <textarea {...shared} rows={4} onChange={({ target }) => onText(target.value)} />;
  return <input {...shared} type="text" autoComplete="off" onChange={({ target }) => onText(target.value)} />;
}
