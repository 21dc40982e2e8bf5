import type * as jest from '@jest/globals';

type Globals = Pick<typeof jest, 'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'it'>;

let current: Globals | null = null;

/** Before a test file is loaded: what the names below are in it. */
export function setGlobals(globals: Globals): void {
  current = globals;
}

export const afterAll = delegate('afterAll');
export const afterEach = delegate('afterEach');
export const beforeAll = delegate('beforeAll');
export const beforeEach = delegate('beforeEach');
export const describe = delegate('describe');
export const expect = delegate('expect');
export const it = delegate('it');

/** A module that several test files import is loaded once, so it always uses those of the file that runs. */
function delegate<Name extends keyof Globals>(name: Name): Globals[Name] {
  const now = () => {
    if (current === null) throw new Error(`${name} is for test files`);
    return current[name];
  };
  const target = () => {};
  return new Proxy(target as unknown as Globals[Name], {
    apply: (_, self, given) => Reflect.apply(now(), self, given),
    get: (_, key) => Reflect.get(now(), key),
  });
}
