import {
  configurationFile,
  configurationPlace,
  dotenvProblem,
  exitCodes,
  type Given,
  givenWarnings,
} from '../command-line.ts';
import { plain, type Translator } from '../locales/translator.ts';
import { withUnreadSecrets } from '../secret-files.ts';
import { knownSettings } from '../settings/known-settings.ts';
import { readSettings } from '../settings/read-settings.ts';
import { createAdobeLogin } from './adobe-login.ts';
import { allChecks } from './all-checks.ts';
import type { CheckContext } from './checks/check.ts';
import { helpText, readOptions, wantsJson } from './doctor-options.ts';
import { type Area, type Finding, textOf } from './finding.ts';
import { type AreaFindings, type Limits, runChecks } from './run-checks.ts';
import { openSlack, type SlackSession } from './slack-session.ts';

export type DoctorContext = {
  readonly given: Given;
  /** The variables of this process, without those of `.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly translator: Translator;
  /** Removes secrets from what is printed. */
  readonly scrub: (text: string) => string;
  /** Prints on standard output, with a line break. */
  readonly say: (text: string) => void;
  /** Prints on standard error, with a line break. */
  readonly remark: (text: string) => void;
  readonly limits?: Limits;
};

/** Slack's and Adobe's own time limits are ten seconds. */
const usualLimits: Limits = { areaMs: 20_000 };

/** Does what the command line says. Returns the exit code: 0, or 1 if something is wrong. */
export async function runDoctor(args: readonly string[], context: DoctorContext): Promise<number> {
  const isJson = wantsJson(args);
  const { translator } = context;
  const wanted = readOptions(args, translator);
  switch (wanted.kind) {
    case 'help':
      context.say(isJson ? JSON.stringify({ help: helpText(translator) }) : helpText(translator));
      return exitCodes.clean;
    case 'wrong':
      if (isJson) context.say(errorJson(wanted.why));
      else context.remark(wanted.why);
      return exitCodes.crash;
    case 'run':
      return (isJson ? printJson : printLines)(wanted.areas, context);
    default:
      return wanted satisfies never;
  }
}

/** The answer when nothing could be checked. */
export function errorJson(error: string): string {
  return JSON.stringify({ ok: false, findings: [], error });
}

function begin(areas: readonly Area[], context: DoctorContext): readonly Promise<AreaFindings>[] {
  const limits = context.limits ?? usualLimits;
  const signal = AbortSignal.timeout(limits.areaMs);
  const checks = areas.map((area) => [area, allChecks[area]] as const);
  return runChecks(checks, contextOf(context, signal), limits).map(async (result) => {
    const { area, findings } = await result;
    return { area, findings: findings.map((finding) => unexplained(finding, areas)) };
  });
}

/** Where the area is that says why something was not checked. */
const explainedBy: Readonly<Record<string, Area>> = {
  ...{ settings: 'settings', slack: 'slack', scope: 'slack', token: 'ims', database: 'database' },
};

/** Of the areas that were asked for, none is called right because another one, which was not, kept it from being checked. */
function unexplained(finding: Finding, areas: readonly Area[]): Finding {
  if (finding.name !== 'not_checked') return finding;
  const by = explainedBy[String(finding.values.because)];
  return by === undefined || areas.includes(by) ? finding : { ...finding, level: 'failure' };
}

function contextOf({ given, environment, translator }: DoctorContext, signal: AbortSignal): CheckContext {
  const { variables } = given;
  const place = configurationPlace(variables);
  const file = place && configurationFile(place);
  const read = readSettings(variables, translator, file);
  const unreadable = dotenvProblem(given, translator);
  const known = knownSettings(variables, translator, file);
  let ahead: number | null = null;
  let session: Promise<SlackSession> | null = null;
  return {
    ...{ variables, environment, known, translator, signal },
    problems: [
      ...(unreadable === null ? [] : [unreadable]),
      ...withUnreadSecrets(read.ok ? [] : read.problems, given.unread, translator),
    ],
    warnings: [...givenWarnings(given, translator), ...(read.ok ? read.warnings : [])],
    slack() {
      if (known.slack === null) return null;
      session ??= openSlack(known.slack, (ms) => (ahead = ms), signal);
      return session;
    },
    adobe: createAdobeLogin(known.adobe?.campaign ?? { imsUrl: '' }),
    aheadOfSlack: () => ahead,
  };
}

async function printJson(areas: readonly Area[], context: DoctorContext): Promise<number> {
  const results = await Promise.all(begin(areas, context));
  const findings = results.flatMap(({ area, findings }) =>
    findings.map((finding) => {
      const { level, name, values } = finding;
      return { area, name, level, ...values, message: textOf(finding, context.translator) };
    }),
  );
  const ok = !findings.some(({ level }) => level === 'failure');
  const hidden = (_key: string, value: unknown) => (typeof value === 'string' ? context.scrub(value) : value);
  context.say(JSON.stringify({ ok, findings }, hidden));
  return ok ? exitCodes.clean : exitCodes.crash;
}

const signs = { ok: '✓', warning: '!', failure: '✗' } as const;

/** Each area as soon as it and those before it are ready. */
async function printLines(areas: readonly Area[], context: DoctorContext): Promise<number> {
  const { translator, scrub, say } = context;
  const width = Math.max(...areas.map((area) => area.length));
  const all: Finding[] = [];
  for (const result of begin(areas, context)) {
    const { area, findings } = await result;
    all.push(...findings);
    for (const finding of findings) {
      say(scrub(`${signs[finding.level]} ${area.padEnd(width)}  ${textOf(finding, translator)}`));
    }
  }
  const count = (level: Finding['level']) => all.filter((finding) => finding.level === level).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  say(`\n${plain(translator.translate('doctor.result', { failures, warnings }))}`);
  return failures === 0 ? exitCodes.clean : exitCodes.crash;
}
