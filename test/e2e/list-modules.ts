import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

// Preloaded with `--import`: lists the URL of every module that the program loads.

const list = process.env.LIST_OF_MODULES ?? '';

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    appendFileSync(list, `${resolved.url}\n`);
    return resolved;
  },
});
