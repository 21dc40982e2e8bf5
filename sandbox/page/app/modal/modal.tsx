import { type FormEvent, useEffect, useEffectEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { type Input, inputsOf } from '../../../slack/views/inputs.ts';
import type { OpenModal } from '../../snapshot.ts';
import { Blocks, type RenderContext } from '../conversation/blocks.tsx';
import { Icon } from '../icon.tsx';
import { sendAction } from '../send-action.ts';
import { useAction } from '../use-action.ts';
import { Field } from './field.tsx';
import { currentValue, type Draft, filledValues, type InputValue, inputKey, problemWith } from './input-value.ts';

type Props = { readonly modal: OpenModal; readonly me: string; readonly renderContext: RenderContext };

/**
 * A modal of the bot. The library renders the texts, but not the inputs: its inputs have no callback, no
 * label, and no keyboard.
 */
export function Modal({ modal, me, renderContext }: Props) {
  const { id: viewId, view, values } = modal;
  const titleId = useId();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>({});
  const [problems, setProblems] = useState<OpenModal['errors']>({});
  const { isBusy, problem, act } = useAction();
  const [untold, setUntold] = useState<string | null>(null);
  const inputs = inputsOf(view);
  const errors = { ...modal.errors, ...problems };
  useFirstErrorFocused(form, errors);

  const close = () => act({ type: 'close', as: me, viewId });
  const dialog = useOpenDialog(() => void close());
  const entriesOf = (given: Draft) =>
    inputs.map((input) => ({ input, inputValue: currentValue(input, given, values) }));
  const fill = (input: Input, inputValue: InputValue) => {
    const changed = { [inputKey(input)]: inputValue };
    setDraft((before) => ({ ...before, ...changed }));
    if (!input.dispatches) return;
    const filled = filledValues(entriesOf({ ...draft, ...changed }));
    void sendAction({ type: 'fill', as: me, viewId, values: filled }).then((result) =>
      setUntold(result.ok ? null : result.problem),
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const entries = entriesOf(draft);
    const found = entries.map(({ input, inputValue }) => [input.blockId, problemWith(input, inputValue)] as const);
    const missing = Object.fromEntries(found.filter((each): each is [string, string] => each[1] !== null));
    setProblems(missing);
    if (Object.keys(missing).length > 0) return;
    void act({ type: 'submit', as: me, viewId, values: filledValues(entries) });
  };
  return (
    <dialog
      ref={dialog}
      className="modal"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        void close();
      }}
    >
      <form ref={form} noValidate onSubmit={submit}>
        <header>
          <h2 id={titleId}>{view.title.text}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={close}>
            <Icon name="cross" />
          </button>
        </header>
        <div className="modal-body">
          {view.blocks.map((block, at) => {
            if (block.type !== 'input')
              return <Blocks key={block.block_id ?? at} blocks={[block]} renderContext={renderContext} />;
            const input = inputs.find(({ blockId }) => blockId === block.block_id);
            if (input === undefined) return null;
            return (
              <Field
                key={inputKey(input)}
                input={input}
                hint={block.hint?.text ?? null}
                error={errors[input.blockId] ?? null}
                inputValue={currentValue(input, draft, values)}
                onInputValue={(inputValue) => fill(input, inputValue)}
                suggesting={{ me, viewId }}
              />
            );
          })}
        </div>
        <footer>
          <p role="alert" className="problem" hidden={problem === null && untold === null}>
            {problem ?? untold}
          </p>
          <button type="button" className="button" onClick={close}>
            {view.close?.text ?? 'Cancel'}
          </button>
          {view.submit && (
            <button type="submit" className="button button-main" disabled={isBusy} aria-busy={isBusy}>
              {view.submit.text}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}

/**
 * It covers the page while it is open, and returns the focus afterwards. A browser may close it on
 * its own, because the second Escape in a row cannot be prevented.
 */
function useOpenDialog(onClosed: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  const closed = useEffectEvent(onClosed);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const handleClose = () => closed();
    element.addEventListener('close', handleClose);
    element.showModal();
    element.querySelector<HTMLElement>('.modal-body :is(input, select, textarea)')?.focus();
    return () => {
      element.removeEventListener('close', handleClose);
      element.close();
    };
  }, []);
  return dialog;
}

function useFirstErrorFocused(form: React.RefObject<HTMLFormElement | null>, errors: OpenModal['errors']): void {
  const serialized = JSON.stringify(errors);
  useEffect(() => {
    if (serialized !== '{}') form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [form, serialized]);
}
