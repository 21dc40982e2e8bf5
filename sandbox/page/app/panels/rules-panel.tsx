import { useEffect, useId, useState } from 'react';
import { useAction } from '../use-action.ts';

/** The unsaved draft. null: there is none. */
export type Drafting = { readonly draft: string | null; readonly onDraft: (draft: string | null) => void };

type Props = Drafting & { readonly rules: string };

/** The editor of the bot's rules. */
export function RulesPanel({ rules, draft, onDraft }: Props) {
  const id = useId();
  const [isTaken, setTaken] = useState(false);
  const { isBusy, problem, act } = useAction();
  const text = draft ?? rules;
  // Rules in force are no longer a draft: changes from another window are shown here as well.
  useEffect(() => {
    if (draft === rules) onDraft(null);
  }, [draft, rules, onDraft]);
  const write = (written: string | null) => {
    onDraft(written);
    setTaken(false);
  };
  const give = async () => {
    const result = await act({ type: 'set rules', text });
    setTaken(result?.ok === true);
  };
  return (
    <>
      <h2>Rules</h2>
      <p className="lead">
        The file that says who may do what: <code>campaign-wf.yml</code>. The bot reads it while it goes on running.
      </p>
      <label htmlFor={id} className="for-ears">
        campaign-wf.yml
      </label>
      <textarea
        id={id}
        className="rules"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        wrap="off"
        value={text}
        onChange={({ target }) => write(target.value)}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-said`}
      />
      <div className="button-row">
        <button type="button" className="button button-main" aria-busy={isBusy} aria-disabled={isBusy} onClick={give}>
          Let the bot read it
        </button>
        <button type="button" className="button" disabled={text === rules} onClick={() => write(null)}>
          Undo my changes
        </button>
      </div>
      <div id={`${id}-said`} role="status">
        {isTaken && problem === null && <p className="success">The bot has read it. These rules are in force.</p>}
        {problem !== null && (
          <div className="problem">
            <strong>The bot does not take these rules.</strong>
            <pre>{problem}</pre>
          </div>
        )}
      </div>
    </>
  );
}
