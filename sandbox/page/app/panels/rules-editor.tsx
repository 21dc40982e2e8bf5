import type { RefObject } from 'react';
import type { Mistake } from './rules-mistakes.tsx';

type Props = {
  readonly id: string;
  readonly text: string;
  /** Of this text. */
  readonly mistakes: readonly Mistake[];
  readonly isRejected: boolean;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly onWrite: (text: string) => void;
};

/**
 * The file with the numbers of its lines, and each mistake at its line. A text area cannot show them, so the same lines
 * lie behind it and wrap at the same places. What they say is also in the list of mistakes.
 */
export function RulesEditor({ id, text, mistakes, isRejected, input, onWrite }: Props) {
  return (
    <div className="rules-editor">
      <div className="rules-lines" aria-hidden="true">
        {text.split('\n').map((line, at) => {
          const wrong = mistakes.filter((mistake) => mistake.line === at + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <div key={at} className={wrong.length === 0 ? 'rules-line' : 'rules-line rules-line-wrong'}>
              <span className="rules-line-number">{at + 1}</span>
              <span className="rules-line-text">{line}</span>
              {wrong.length > 0 && <p className="rules-mistake">{wrong.map(({ what }) => what).join(' ')}</p>}
            </div>
          );
        })}
      </div>
      <textarea
        ref={input}
        id={id}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        value={text}
        onChange={({ target }) => onWrite(target.value)}
        aria-invalid={isRejected}
        aria-describedby={`${id}-result`}
      />
    </div>
  );
}

/** Selects that line and brings it into view. */
export function goToLine(input: HTMLTextAreaElement | null, line: number): void {
  if (input === null) return;
  const before = input.value.split('\n').slice(0, line - 1);
  const start = before.reduce((length, each) => length + each.length + 1, 0);
  const end = input.value.indexOf('\n', start);
  input.focus({ preventScroll: true });
  input.setSelectionRange(start, end < 0 ? input.value.length : end);
  input.previousElementSibling?.children[line - 1]?.scrollIntoView({ block: 'center' });
}
