import { constants, createContext, runInContext } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node, with an ordinary global object: Jest's own looks up every global through a proxy, at every
 * use, which takes a third of the time of tests that compute. Its fake timers do not reach this one: time is a parameter here.
 */
export default class OrdinaryGlobal extends TestEnvironment {
  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    super(...given);
    const behindProxy = this.global;
    this.context = createContext(constants.DONT_CONTEXTIFY);
    this.global = runInContext('globalThis', this.context);
    for (const key of Reflect.ownKeys(behindProxy)) {
      if (replaced.has(key) || !Object.hasOwn(this.global, key)) copyLazily(behindProxy, this.global, key);
    }
    Object.assign(this.global, { global: this.global });
  }
}

/** Those of the language that Jest replaces by the ones of Node's own modules. */
const replaced: ReadonlySet<PropertyKey> = new Set(['ArrayBuffer', 'Uint8Array']);

/** Some globals are loaded when somebody reads them. */
function copyLazily(from: object, to: object, key: PropertyKey): void {
  const attributes = { configurable: true, enumerable: Object.prototype.propertyIsEnumerable.call(from, key) };
  const become = (value: unknown) => Object.defineProperty(to, key, { ...attributes, value, writable: true });
  Object.defineProperty(to, key, {
    ...attributes,
    get() {
      const value: unknown = Reflect.get(from, key);
      become(value);
      return value;
    },
    set: become,
  });
}
