import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type ConfigurationPlace,
  configurationFile,
  configurationFileLater,
  configurationPlace,
} from './command-line.ts';
import type { Translator } from './locales/translator.ts';
import type { Log } from './requests/ports.ts';
import type { ConfigurationFile } from './settings/file/read-file.ts';
import { problemLine, type Warning, warningLine } from './settings/problem.ts';
import { readConfiguration } from './settings/read-settings.ts';
import type { Configuration } from './settings/settings.ts';

/**
 * How often the file is read. Its content is compared, instead of waiting for the system's notifications: those do not
 * exist on network file systems, name the wrong file behind links (a ConfigMap of Kubernetes is replaced two links away),
 * and end when an editor replaces the file.
 */
const lookEveryMs = 2_000;

export type RuleFile = {
  /** Rereads the file now, changed or not. */
  reread(): void;
  /** Since when the file has been rejected while earlier rules are in force, in milliseconds since the epoch; or null. */
  rejectedSince(): number | null;
};

type Surroundings = {
  /** The file that is in force; null if there is none. */
  readonly file: ConfigurationFile | null;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly translator: Translator;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called with each new configuration, and the warnings of the settings with it. */
  readonly apply: (configuration: Configuration, warnings: readonly Warning[]) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Resolves when the file is to be read the next time. */
  readonly nextLook?: () => Promise<unknown>;
};

/**
 * Watches the configuration file. A change counts once two looks have found the same content: it may be half written. An
 * invalid file is rejected, and the previous configuration stays in force. A file that is created after the start counts;
 * one that was in force and is missing now is a problem.
 */
export function watchRuleFile(surroundings: Surroundings): RuleFile {
  const { variables, translator, log, now, apply, signal, nextLook = usualPause } = surroundings;
  let place = surroundings.file === null ? null : configurationPlace(variables);
  let inForce = contentOf(surroundings.file);
  let handled = inForce;
  let seen = inForce;
  let rejectedAt: number | null = null;

  function take(file: ConfigurationFile, found: ConfigurationPlace): void {
    handled = contentOf(file);
    seen = handled;
    const read = readConfiguration(variables, translator, file);
    if (!read.ok) {
      rejectedAt ??= now();
      const problems = read.problems.map((problem) => problemLine(problem, translator));
      log.error({ problems }, 'the configuration was rejected');
      return;
    }
    place = found;
    inForce = handled;
    rejectedAt = null;
    logWarnings(read.warnings, log);
    const { environments, policy } = read.configuration;
    log.info({ environments: environments.length, rules: policy.rules.length }, 'the configuration was reloaded');
    apply(read.configuration, read.warnings);
  }

  async function look(): Promise<void> {
    const found = place ?? configurationPlace(variables);
    const before = handled;
    const file = found && (await configurationFileLater(found));
    // It was reread meanwhile.
    if (handled !== before || signal.aborted) return;
    const content = contentOf(file);
    const isStable = content === seen;
    seen = content;
    if (!isStable || content === handled) return;
    if (content === inForce) restored();
    else if (file !== null && found !== null) take(file, found);
  }

  /** A change was rejected, and then undone. */
  function restored(): void {
    handled = inForce;
    rejectedAt = null;
    log.info({}, 'the configuration file is as it was before, so nothing was reloaded');
  }

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      await nextLook();
      if (!signal.aborted) await look();
    }
  }

  void watch();
  return {
    reread() {
      const found = place ?? configurationPlace(variables);
      if (found === null) log.warn({}, 'there is no configuration file, so nothing was reloaded');
      else take(configurationFile(found), found);
    },
    rejectedSince: () => rejectedAt,
  };
}

/** It does not keep the process alive. */
function usualPause(): Promise<unknown> {
  return wait(lookEveryMs, null, { ref: false });
}

/** What the file contains, or why it cannot be read, for comparison. */
function contentOf(file: ConfigurationFile | null): string {
  if (file === null) return 'none';
  if ('unreadable' in file) return file.unreadable;
  return createHash('sha256').update(file.text).digest('hex');
}

/** Logs warnings, which do not prevent the start. */
export function logWarnings(warnings: readonly Warning[], log: Log): void {
  for (const warning of warnings) log.warn({}, warningLine(warning));
}
