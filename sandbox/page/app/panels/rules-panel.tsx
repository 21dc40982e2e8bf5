import { useEffect, useId, useRef, useState } from 'react';
import type { Bot } from '../../snapshot.ts';
import { useAction } from '../use-action.ts';
import { RestartNotice } from './restart-notice.tsx';
import { goToLine, RulesEditor } from './rules-editor.tsx';
import { mistakesIn, RulesMistakes } from './rules-mistakes.tsx';

/** The unsaved draft. null: there is none. */
export type Drafting = { readonly draft: string | null; readonly onDraft: (draft: string | null) => void };

type Props = Drafting & Pick<Bot, 'language'> & { readonly rules: string };

/** The editor of the bot's rules. */
export function RulesPanel({ rules, language, draft, onDraft }: Props) {
  const id = useId();
  const [isApplied, setApplied] = useState(false);
  const { isBusy, problem, act } = useAction();
  const [rejected, setRejected] = useState<string | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const mistakes = problem === null ? [] : mistakesIn(problem);
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
    setRejected(text);
  };
  return (
    <>
      <h2>Rules</h2>
      <p className="lead">
        The file with the access rules: <code>campaign-wf.yml</code>.
      </p>
      <label htmlFor={id} className="visually-hidden">
        campaign-wf.yml
      </label>
      <RulesEditor
        id={id}
        text={text}
        mistakes={text === rejected ? mistakes : []}
        isRejected={problem !== null}
        input={input}
        onWrite={write}
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
        {problem !== null && <RulesMistakes mistakes={mistakes} onLine={(line) => goToLine(input.current, line)} />}
      </div>
      <RestartNotice language={language} />
    </>
  );
}
