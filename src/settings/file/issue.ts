/** A position in the file, as keys and indexes. */
export type Path = readonly (string | number)[];

/** A problem at a position, as text. */
export type FileIssue = {
  readonly path: Path;
  readonly what: string;
  /** Where the cause may be: an issue there suppresses this one. Default: the path itself. */
  readonly touches?: readonly Path[];
};

const plainKey = /^[\w-]+$/;
const secretKey = /^(?:xox|xapp-|p8e-|eyJ|Bearer)/i;
const longestKey = 64;

/** `access[0].channels[2]`. Keys may be any text: one that is too long, or looks like a token, is not shown. */
export function keyOf(path: Path): string {
  return path.reduce<string>((before, segment) => {
    if (typeof segment === 'number') return `${before}[${segment}]`;
    const shown = segment.length > longestKey || secretKey.test(segment) ? '…' : segment;
    if (!plainKey.test(shown)) return `${before}[${JSON.stringify(shown)}]`;
    return before === '' ? shown : `${before}.${shown}`;
  }, '');
}

/** These issues, without those caused by a known issue or at the position of one. */
export function further(known: readonly FileIssue[], flaws: readonly FileIssue[]): readonly FileIssue[] {
  const touchedByKnown = known.flatMap(touched);
  return flaws.filter((flaw) => !touched(flaw).some((path) => touchedByKnown.some((other) => overlap(path, other))));
}

/** One issue for each position: the first. */
export function firstOfEach(flaws: readonly FileIssue[]): readonly FileIssue[] {
  return [...Map.groupBy(flaws, ({ path }) => keyOf(path)).values()].flatMap(([first]) => first ?? []);
}

function touched({ path, touches = [path] }: FileIssue): readonly Path[] {
  return touches;
}

function overlap(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((segment, index) => segment === other[index]);
}
