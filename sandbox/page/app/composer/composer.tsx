import { type Dispatch, type KeyboardEvent, type RefObject, type SetStateAction, useId, useMemo, useRef } from 'react';
import type { Place, Snapshot } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { placeName } from '../place-name.tsx';
import { useAction } from '../use-action.ts';
import { CompletionList, optionId } from './completion-list.tsx';
import { knownNames, namesInRules } from './known-names.ts';
import { useCompletion } from './use-completion.ts';
import { isTouchScreen } from './use-composer-focus.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly place: Place;
  /** The author. */
  readonly author: string;
  readonly text: string;
  readonly onText: Dispatch<SetStateAction<string>>;
  readonly onWritten: () => void;
  readonly input: RefObject<HTMLInputElement | null>;
};

/** A combobox (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/) that completes commands and names. */
export function Composer({ snapshot, place, author, text, onText, onWritten, input }: Props) {
  const id = useId();
  const rules = useMemo(() => namesInRules(snapshot.rules), [snapshot.rules]);
  const list = useCompletion(text, knownNames(snapshot, rules, place.id), onText);
  const { isBusy, problem, act } = useAction();
  const lastWritten = useRef('');
  const isOpen = list.completions.length > 0;

  const send = async () => {
    if (text.trim() === '') return;
    list.close();
    const result = await act({ type: 'write', as: snapshot.me, channel: place.id, text });
    if (!result?.ok) return;
    lastWritten.current = text;
    onWritten();
    onText((now) => (now === text ? '' : now));
    if (!isTouchScreen()) input.current?.focus();
  };
  const handleKeyDown = (event: KeyboardEvent) => {
    const isRecall = event.key === 'ArrowUp' && text === '';
    if (isRecall) onText(lastWritten.current);
    if (list.handleKey(event) || isRecall) event.preventDefault();
  };
  const name = `Message ${placeName(place)} as ${author}`;
  return (
    <form
      className="composer"
      aria-label="Write"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p role="alert" className="problem" hidden={problem === null}>
        {problem}
      </p>
      {isOpen && <CompletionList id={id} completions={list.completions} active={list.active} onChoose={list.choose} />}
      <div className="composer-row">
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={name}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          aria-activedescendant={list.active < 0 ? undefined : optionId(id, list.active)}
          placeholder={`${name}, or type /`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="send"
          maxLength={4_000}
          value={text}
          onChange={({ target }) => {
            onText(target.value);
            list.reopen();
          }}
          onKeyDown={handleKeyDown}
          onBlur={list.close}
        />
        <button type="submit" aria-label="Send" aria-busy={isBusy} aria-disabled={text.trim() === ''}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
