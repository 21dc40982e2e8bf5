import { neverApproved } from '../access/approvals.ts';
import { idleStages } from '../access/escalation.ts';
import { pastFreezes } from '../access/freeze-windows.ts';
import { isNamed, type Policy } from '../access/policy.ts';
import { simplePolicy } from '../access/simple-policy.ts';
import { unusedRules } from '../access/unused-rules.ts';
import { foreign } from '../locales/phrase.ts';
import { plain, type Translator } from '../locales/translator.ts';
import { openingOf, strayCredentials } from './credentials.ts';
import { workflowWarnings } from './file/check-workflows.ts';
import { type FileContent, usualEndOfPauses, usualOpenPerPerson } from './file/file-schema.ts';
import type { ReadFile } from './file/read-file.ts';
import { policyOf, vocabularyOf } from './file/to-policy.ts';
import { watchedTwice, watchesOf } from './file/to-watches.ts';
import { endOfPausesMs } from './formats.ts';
import type { Warning } from './problem.ts';
import { type Configuration, type Environment, looksLikeProduction } from './settings.ts';
import type { Values } from './variable-problems.ts';
import type { SettingValues as Variables } from './variables.ts';

type Named = {
  readonly organization: string;
  readonly production?: boolean | undefined;
  readonly pauses_end_after?: string;
};

/**
 * The configuration from checked variables and file, with its warnings.
 *
 * @param now milliseconds since the epoch
 */
export function configure(
  variables: Variables,
  values: Values,
  read: ReadFile | null,
  translator: Translator,
  now: number,
): { readonly configuration: Configuration; readonly warnings: readonly Warning[] } {
  const content = read?.content ?? null;
  const environments = environmentsOf(content, variables, values);
  const names = environments.map(({ name }) => name);
  const stray = strayCredentials(names, values, translator);
  if (read === null || content === null) {
    const configuration = { environments, ...simply(variables, names) };
    return { configuration, warnings: [...emptyLists(variables, translator), ...stray] };
  }
  const organizations = new Map(environments.map(({ organization, name }) => [organization, name]));
  const vocabulary = { ...vocabularyOf(content, names), organizations };
  const policy = policyOf(content, vocabulary);
  return {
    configuration: {
      ...{ environments, vocabulary, policy },
      openPerPerson: content.open_requests_per_person,
      recordChannel: content.record?.channel ?? null,
      watches: watchesOf(content, environments, vocabulary),
    },
    warnings: [
      ...stray,
      ...workflowWarnings(content, vocabulary, translator).map(({ path, what }) => read.say(path, what)),
      ...watchedTwice(content, environments, vocabulary).map((path) =>
        read.say(path, plain(translator.translate('settings.file.watched_twice'))),
      ),
      ...idleRulesOf(policy, read, translator),
      ...neverApprovedOf(policy, read, translator),
      ...stagesOfNobodyNew(policy, read, translator),
      ...unruledWatches(content, policy, read, translator),
      ...pastFreezes(policy, now).map((index) =>
        read.say(['freezes', index, 'until'], plain(translator.translate('settings.file.freeze_over'))),
      ),
    ],
  };
}

/** Without a file there is one environment, named after its tenant. */
function environmentsOf(
  content: FileContent | null,
  variables: Variables,
  values: Values,
): Configuration['environments'] {
  const organization = variables.CAMPAIGN_ORGANIZATION ?? '';
  const named: Readonly<Record<string, Named>> = content?.environments ?? { [organization]: { organization } };
  const [first, ...more] = Object.entries(named).map(([name, one]) => environmentOf(name, one, values));
  if (first === undefined) throw new Error('the environments were not checked');
  return [first, ...more];
}

function environmentOf(
  name: string,
  { organization, production, pauses_end_after = usualEndOfPauses }: Named,
  values: Values,
): Environment {
  return {
    ...{ name, organization, production: production ?? looksLikeProduction(name) },
    pausesEndAfterMs: endOfPausesMs(pauses_end_after) ?? null,
    ...openingOf(name, values),
  };
}

function simply(variables: Variables, names: readonly string[]): Omit<Configuration, 'environments'> {
  const [name = ''] = names;
  const lists = {
    channels: new Set(variables.CAMPAIGN_WF_CHANNELS),
    users: people(variables.CAMPAIGN_WF_USERS),
    approvers: people(variables.CAMPAIGN_WF_APPROVERS),
    confirmWithinMs: variables.CAMPAIGN_WF_CONFIRM_WITHIN,
  };
  return {
    vocabulary: { environments: names, defaultEnvironment: name, aliases: [] },
    policy: simplePolicy(lists, name),
    openPerPerson: usualOpenPerPerson,
    recordChannel: null,
    watches: [],
  };
}

function people(ids: readonly string[]) {
  return {
    users: new Set(ids.filter((id) => !id.startsWith('S'))),
    groups: new Set(ids.filter((id) => id.startsWith('S'))),
  };
}

/** An empty list permits nobody, which is safe but rarely intended. */
function emptyLists(
  { CAMPAIGN_WF_CHANNELS, CAMPAIGN_WF_USERS }: Variables,
  translator: Translator,
): readonly Warning[] {
  const warnings: Warning[] = [];
  if (CAMPAIGN_WF_CHANNELS.length === 0) {
    warnings.push({ name: 'CAMPAIGN_WF_CHANNELS', what: plain(translator.translate('settings.no_channels')) });
  }
  if (CAMPAIGN_WF_USERS.length === 0) {
    warnings.push({ name: 'CAMPAIGN_WF_USERS', what: plain(translator.translate('settings.no_users')) });
  }
  return warnings;
}

function idleRulesOf(policy: Policy, { say }: ReadFile, translator: Translator): readonly Warning[] {
  if (policy.rules.length === 0) return [say(['access'], plain(translator.translate('settings.file.no_rules')))];
  return [...unusedRules(policy)].map(([rule, why]) =>
    say(['access', policy.rules.indexOf(rule)], plain(translator.translate(`settings.idle.${why}`))),
  );
}

/** Whoever presses a button of their alerts is refused. */
function unruledWatches(
  { watch }: FileContent,
  policy: Policy,
  { say }: ReadFile,
  translator: Translator,
): readonly Warning[] {
  // Without any rule there is a warning of that.
  if (policy.rules.length === 0) return [];
  return watch.flatMap(({ channel }, index) =>
    isNamed(policy, channel)
      ? []
      : [say(['watch', index, 'channel'], plain(translator.translate('settings.file.watch_without_rule')))],
  );
}

/** Requests of these people are refused, since nobody could confirm them. */
function neverApprovedOf({ rules }: Policy, { say }: ReadFile, translator: Translator): readonly Warning[] {
  return rules.flatMap((rule, index) => {
    const users = translator.all(neverApproved(rule).map((id) => foreign(id)));
    if (users.length === 0) return [];
    return [
      say(
        ['access', index, 'approval', 'from'],
        plain(translator.translate('settings.file.never_approved', { users })),
      ),
    ];
  });
}

/** What such a stage says, a reminder says as well. */
function stagesOfNobodyNew({ rules }: Policy, { say }: ReadFile, translator: Translator): readonly Warning[] {
  const what = plain(translator.translate('settings.file.asks_nobody_new'));
  return rules.flatMap(({ approval }, index) =>
    (approval === null ? [] : idleStages(approval)).map((stage) =>
      say(['access', index, 'approval', 'escalate', stage, 'to'], what),
    ),
  );
}
