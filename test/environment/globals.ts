import { isDeepStrictEqual } from 'node:util';
import type * as jest from '@jest/globals';

type Globals = Pick<typeof jest, 'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'it'>;

let current: Globals | null = null;

/** Called before a test file is loaded, with what the names below mean in it. */
export function setGlobals(globals: Globals): void {
  current = globals;
}

export const afterAll = delegate('afterAll');
export const afterEach = delegate('afterEach');
export const beforeAll = delegate('beforeAll');
export const beforeEach = delegate('beforeEach');
export const describe = delegate('describe');
export const expect = delegate('expect', expectQuickly);
export const it = delegate('it');

/** A module that several test files import is loaded once. With these, it uses the globals of the file that runs. */
function delegate<Name extends keyof Globals>(name: Name, call?: (...given: unknown[]) => unknown): Globals[Name] {
  const now = () => globalsNow()[name];
  const target = () => {};
  return new Proxy(target as unknown as Globals[Name], {
    apply: (_, self, given) => Reflect.apply(call ?? now(), self, given),
    get: (_, key) => Reflect.get(now(), key),
  });
}

function globalsNow(): Globals {
  if (current === null) throw new Error('only test files use these');
  return current;
}

type Matcher = (expected: unknown) => void;

/**
 * Jest needs some 45 µs to prepare an assertion, which adds up where thousands are made in a loop. An equality that
 * obviously holds is not given to Jest; everything else is.
 */
function expectQuickly(actual: unknown, ...others: unknown[]): object {
  const ofJest = () => Reflect.apply(globalsNow().expect, undefined, [actual, ...others]);
  if (others.length > 0) return ofJest();
  const unless = (holds: (expected: unknown) => boolean, name: 'toBe' | 'toEqual'): Matcher =>
    function quickly(...given: unknown[]) {
      if (given.length === 1 && holds(given[0])) return;
      try {
        Reflect.apply(ofJest()[name], undefined, given);
      } catch (error) {
        // The test's own line comes first, as without this function.
        if (Error.isError(error)) Error.captureStackTrace(error, quickly);
        throw error;
      }
    };
  const quick: Readonly<Record<PropertyKey, Matcher>> = {
    toBe: unless((expected) => Object.is(actual, expected), 'toBe'),
    toEqual: unless((expected) => isDeepStrictEqual(actual, expected), 'toEqual'),
  };
  return new Proxy(quick, { get: (_, key) => quick[key] ?? Reflect.get(ofJest(), key) });
}
