/** What a line of progress needs of a stream such as standard error. */
type Terminal = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

/** A line on a terminal that says how far a long work is. It is rewritten in place, and removed before anything else is printed. */
export type ProgressLine = {
  /** Called as often as one likes: the text is made only where it is shown. */
  show(text: () => string): void;
  remove(): void;
};

/** What takes less time shows no progress. */
const firstAfterMs = 500;
const everyMs = 100;

/** To the start of the line, and erase it (ECMA-48: CR, EL 2). */
const eraseLine = '\r\x1b[2K';

/** Shows nothing where the stream is no terminal. `now`: milliseconds of any clock. */
export function progressLine(terminal: Terminal, now: () => number = performance.now.bind(performance)): ProgressLine {
  if (terminal.isTTY !== true) return { show() {}, remove() {} };
  let isShown = false;
  let nextAt = now() + firstAfterMs;
  return {
    show(text) {
      if (now() < nextAt) return;
      nextAt = now() + everyMs;
      // A line that wraps could not be erased. Some terminals do not say how wide they are: 0.
      terminal.write(`${eraseLine}${text().slice(0, (terminal.columns || 80) - 1)}`);
      isShown = true;
    },
    remove() {
      if (isShown) terminal.write(eraseLine);
      isShown = false;
    },
  };
}
