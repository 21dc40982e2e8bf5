type Given = { readonly console: Console };

/** Node as it is. What a test file changes of the process ends with the file. */
export default class NativeEnvironment {
  /** Jest puts things there that no test needs. */
  readonly global = {};
  readonly fakeTimers = null;
  readonly fakeTimersModern = null;
  readonly moduleMocker = { restoreAllMocks() {} };
  readonly #console: Console;
  readonly #before = { console, folder: process.cwd(), variables: { ...process.env } };

  constructor(_config: object, given: Given) {
    this.#console = given.console;
  }

  async setup(): Promise<void> {
    globalThis.console = this.#console;
  }

  async teardown(): Promise<void> {
    globalThis.console = this.#before.console;
    process.chdir(this.#before.folder);
    for (const name of Object.keys(process.env)) if (!(name in this.#before.variables)) delete process.env[name];
    Object.assign(process.env, this.#before.variables);
  }

  exportConditions(): string[] {
    return ['node', 'node-addons'];
  }

  getVmContext(): null {
    return null;
  }
}
