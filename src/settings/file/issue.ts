/** A place in the file by its keys and positions. */
export type Path = readonly (string | number)[];

/** Something that is wrong at a place, in words. */
export type FileIssue = {
  readonly path: Path;
  readonly what: string;
  /** Where else it may come from: what is wrong there already is not said a second time here. The path itself unless given. */
  readonly touches?: readonly Path[];
};

const plainKey = /^[\w-]+$/;
const secretKey = /^(?:xox|xapp-|p8e-|eyJ|Bearer)/i;
const longestKey = 64;

/** `access[0].channels[2]`. A key is somebody's text: what is too long for one, or looks like a token, is not shown. */
export function keyOf(path: Path): string {
  return path.reduce<string>((before, segment) => {
    if (typeof segment === 'number') return `${before}[${segment}]`;
    const shown = segment.length > longestKey || secretKey.test(segment) ? '…' : segment;
    if (!plainKey.test(shown)) return `${before}[${JSON.stringify(shown)}]`;
    return before === '' ? shown : `${before}.${shown}`;
  }, '');
}

/** These flaws, without those that come from one of the known ones, or stand where one of them stands. */
export function further(known: readonly FileIssue[], flaws: readonly FileIssue[]): readonly FileIssue[] {
  const told = known.flatMap(touched);
  return flaws.filter((flaw) => !touched(flaw).some((path) => told.some((other) => overlap(path, other))));
}

/** One flaw a place: the first that is said of it. */
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
