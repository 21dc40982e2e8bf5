import { plain, type Translator } from '../../locales/translator.ts';
import type { FileProblem } from '../problem.ts';
import { aliasFlaws, repeatedEntries } from './check-aliases.ts';
import { environmentFlaws, unknownEnvironments } from './check-environments.ts';
import { freezeFlaws } from './check-freezes.ts';
import { ruleFlaws } from './check-rules.ts';
import { schemaFlaws } from './check-schema.ts';
import { watchFlaws } from './check-watches.ts';
import { workflowFlaws } from './check-workflows.ts';
import { type FileContent, fileSchema } from './file-schema.ts';
import { type FileIssue, firstOfEach, further, keyOf, type Path } from './issue.ts';
import { type LooseContent, loosely } from './loose-content.ts';
import { readKeys } from './written-keys.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

/** A configuration file as found. Messages name its path. */
export type ConfigurationFile = TextFile | UnreadableFile;
export type TextFile = { readonly path: string; readonly text: string };
/** The operating system's code, such as `ENOENT`, says why it cannot be read. `isNamed`: a variable names it. */
export type UnreadableFile = { readonly path: string; readonly isNamed: boolean; readonly unreadable: string };

/** The parts of the variables that concern the file. */
export type Beside = { readonly organization: string | null; readonly locale: string | null };

/** A configuration file that was read; valid if there are no problems. */
export type ReadFile = {
  /** In the order of their lines. */
  readonly problems: readonly FileProblem[];
  /** Null if it has a problem. */
  readonly content: FileContent | null;
  /** The names of the environments that the file has; null if they come from the variables. */
  readonly environments: readonly string[] | null;
  /** A warning or problem at a position in the file. */
  readonly say: (path: Path, what: string) => FileProblem;
};

/** Parses a configuration file. References between names are checked even if there are other problems. */
export function readFile(file: TextFile, beside: Beside, translator: Translator): ReadFile {
  const yaml = readYaml(file.text, translator);
  const say = (path: Path, what: string): FileProblem => ({
    file: file.path,
    line: yaml.lineOf(path),
    key: keyOf(path),
    what,
  });
  const ofLines = yaml.problems.map((problem): FileProblem => ({ file: file.path, key: null, ...problem }));
  if (yaml.content === null) {
    return { problems: byLine(ofLines), content: null, environments: [], say };
  }
  const { flaws, content, environments } = readContent(yaml.content, yaml.misread, beside, translator);
  const problems = byLine([...ofLines, ...flaws.map(({ path, what }) => say(path, what))]);
  return { problems, content: problems.length > 0 ? null : content, environments, say };
}

function readContent(
  raw: NonNullable<YamlDocument['content']>,
  misread: YamlDocument['misread'],
  beside: Beside,
  translator: Translator,
) {
  const schema = fileSchema(translator);
  const { content, flaws: ofKeys, written } = readKeys(raw, schema, translator);
  const parsed = schema.safeParse(content);
  const ofValues = parsed.success ? [] : schemaFlaws(parsed.error, { content, translator });
  const loose = loosely(content);
  const environments = Object.hasOwn(content, 'environments') ? [...loose.environments.keys()] : null;
  const known = environments ?? (beside.organization === null ? [] : [beside.organization]);
  const ofNames = [
    ...environmentFlaws(loose, environments !== null, translator),
    ...unknownEnvironments(loose, known, translator),
    ...aliasFlaws(loose, known, translator),
    ...workflowFlaws(loose, translator),
    ...ruleFlaws(loose, translator),
    ...freezeFlaws(loose, translator),
    ...watchFlaws(loose, known, translator),
    ...repeatedEntries(loose, translator),
    ...localeFlaws(loose, beside, translator),
  ];
  return {
    flaws: [
      ...ofKeys,
      ...[...ofValues, ...further(ofValues, firstOfEach(ofNames))]
        .map((flaw) => ({ ...flaw, path: written(flaw.path) }))
        .filter(({ path }) => !misread.some((place) => isWithin(path, place))),
    ],
    content: parsed.success ? parsed.data : null,
    environments,
  };
}

/** Consequences of a text that YAML misread are not reported as well. */
function isWithin(path: Path, place: Path): boolean {
  return place.every((segment, index) => path[index] === segment);
}

function localeFlaws({ locale }: LooseContent, beside: Beside, translator: Translator): readonly FileIssue[] {
  if (locale === undefined || beside.locale === null || locale === beside.locale) return [];
  return [{ path: ['locale'], what: plain(translator.translate('settings.file.other_locale')) }];
}

function byLine(problems: readonly FileProblem[]): readonly FileProblem[] {
  return problems.toSorted((a, b) => a.line - b.line);
}
