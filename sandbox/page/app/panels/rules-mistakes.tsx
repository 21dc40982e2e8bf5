/** A mistake in the rules. `line`: null where it concerns no single line. */
export type Mistake = { readonly line: number | null; readonly what: string };

/** From the bot's messages, one a line, such as `/tmp/campaign-wf.yml:12: access[0].chanels is unknown`. */
export function mistakesIn(problem: string): readonly Mistake[] {
  return problem.split('\n').map((message) => {
    const [, line, what] = inFile.exec(message) ?? [];
    return line === undefined || what === undefined ? { line: null, what: message } : { line: Number(line), what };
  });
}

const inFile = /campaign-wf\.yml:(\d+): (.*)$/;

type Props = { readonly mistakes: readonly Mistake[]; readonly onLine: (line: number) => void };

export function RulesMistakes({ mistakes, onLine }: Props) {
  return (
    <div className="problem">
      <strong>The bot rejected these rules. The old ones stay in force.</strong>
      <ul className="rules-mistakes">
        {mistakes.map(({ line, what }) => (
          <li key={`${line} ${what}`}>
            {line !== null && (
              <button type="button" className="link-button" onClick={() => onLine(line)}>
                Line {line}
              </button>
            )}
            {line === null ? what : `: ${what}`}
          </li>
        ))}
      </ul>
    </div>
  );
}
