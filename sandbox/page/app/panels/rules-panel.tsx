import { useEffect, useId, useState } from 'react';
import { useAction } from '../use-action.ts';

/** The unsaved draft. null: there is none. */
export type Drafting = { readonly draft: string | null; readonly onDraft: (draft: string | null) => void };

type Props = Drafting & { readonly rules: string };

/** The editor of the bot's rules. */
export function RulesPanel({ rules, draft, onDraft }: Props) {
  const id = useId();
  const [isApplied, setApplied] = useState(false);
  const { isBusy, problem, act } = useAction();
  const text = draft ?? rules;
  // Rules in force are no longer a draft: changes from another window are shown here as well.
  useEffect(() => {
    if (draft === rules) onDraft(null);
  }, [draft, rules, onDraft]);
  const write = (written: string | null) => {
    onDraft(written);
    setApplied(false);
  };
  const apply = async () => {
    const result = await act({ type: 'set rules', text });
    setApplied(result?.ok === true);
  };
  return (
    <>
      <h2>Rules</h2>
      <p className="lead">
        The file with the access rules: <code>campaign-wf.yml</code>. The bot reloads it without a restart.
      </p>
      <label htmlFor={id} className="visually-hidden">
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
        aria-describedby={`${id}-result`}
      />
      <div className="button-row">
        <button type="button" className="button button-main" aria-busy={isBusy} aria-disabled={isBusy} onClick={apply}>
          Apply these rules
        </button>
        <button type="button" className="button" disabled={text === rules} onClick={() => write(null)}>
          Discard my changes
        </button>
      </div>
      <div id={`${id}-result`} role="status">
        {isApplied && problem === null && (
          <p className="success">The bot has reloaded the file. These rules are in force.</p>
        )}
        {problem !== null && (
          <div className="problem">
            <strong>The bot rejected these rules.</strong>
            <pre>{problem}</pre>
          </div>
        )}
      </div>
    </>
  );
}
