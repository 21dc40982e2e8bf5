import { useEffect, useId, useState } from 'react';
import { useDeed } from '../use-deed.ts';

/** What was written and not given to the bot yet; null where nothing was. */
export type Drafting = { readonly draft: string | null; readonly onDraft: (draft: string | null) => void };

type Props = Drafting & { readonly rules: string };

/** The bot's rules, to be changed and given to it. */
export function RulesPanel({ rules, draft, onDraft }: Props) {
  const id = useId();
  const [isTaken, setTaken] = useState(false);
  const { isBusy, problem, act } = useDeed();
  const text = draft ?? rules;
  // What is in force is nobody's draft any more: what another window changes is shown here, too.
  useEffect(() => {
    if (draft === rules) onDraft(null);
  }, [draft, rules, onDraft]);
  const write = (written: string | null) => {
    onDraft(written);
    setTaken(false);
  };
  const give = async () => {
    const result = await act({ does: 'set rules', text });
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
