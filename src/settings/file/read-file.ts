import { plain, type Translator } from '../../locales/translator.ts';
import type { FileProblem } from '../problem.ts';
import { aliasFlaws, repeatedEntries } from './check-aliases.ts';
import { environmentFlaws, unknownEnvironments } from './check-environments.ts';
import { freezeFlaws } from './check-freezes.ts';
import { ruleFlaws } from './check-rules.ts';
import { schemaFlaws } from './check-schema.ts';
import { workflowFlaws } from './check-workflows.ts';
import { type FileContent, fileSchema } from './file-schema.ts';
import { type FileIssue, firstOfEach, further, keyOf, type Path } from './issue.ts';
import { type LooseContent, loosely } from './loose-content.ts';
import { readKeys } from './written-keys.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

/** A configuration file as it was found. What is said of it names its path. */
export type ConfigurationFile = TextFile | UnreadableFile;
export type TextFile = { readonly path: string; readonly text: string };
/** Why it cannot be read is told by a code of the operating system, such as `ENOENT`. `isNamed`: a variable names it. */
export type UnreadableFile = { readonly path: string; readonly isNamed: boolean; readonly unreadable: string };

/** What the variables say of the same things. */
export type Beside = { readonly organization: string | null; readonly locale: string | null };

/** A configuration file that was read; right where there are no problems. */
export type ReadFile = {
  /** In the order of their lines. */
  readonly problems: readonly FileProblem[];
  /** Null where something is wrong with it. */
  readonly content: FileContent | null;
  /** The names of the environments that the file has; null where it leaves them to the variables. */
  readonly environments: readonly string[] | null;
  /** Something to be said of a place in the file. */
  readonly say: (path: Path, what: string) => FileProblem;
};

/** Reads the text of a configuration file. Names are held against each other also where other things are wrong. */
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

/** What follows from a text that YAML takes for something else is not told besides. */
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
