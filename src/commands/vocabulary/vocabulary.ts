/** Another name of a workflow. With an environment, it means the workflow in that environment only. */
export type Alias = {
  readonly name: string;
  readonly workflowId: string;
  readonly environment: string | null;
  /** A description for people; null without one. */
  readonly label: string | null;
};

/** The names that the configuration defines. */
export type Vocabulary = {
  readonly environments: readonly string[];
  /** The default environment; null if people have to name one. */
  readonly defaultEnvironment: string | null;
  readonly aliases: readonly Alias[];
  /** The environments by their organizations, which people may use as names as well. */
  readonly organizations?: ReadonlyMap<string, string>;
};

export function findAlias(vocabulary: Vocabulary, typed: string): Alias | null {
  return vocabulary.aliases.find(({ name }) => sameName(name, typed)) ?? null;
}

/** The alias of a workflow in an environment. */
export function aliasOf(
  { workflowId, environment }: { readonly workflowId: string; readonly environment: string },
  { aliases }: Vocabulary,
): Alias | null {
  const isFor = (one: Alias) => one.environment === null || one.environment === environment;
  return aliases.find((one) => one.workflowId === workflowId && isFor(one)) ?? null;
}

/**
 * What the configuration calls a workflow: the label of the alias under which it was ordered, or of another of its aliases.
 * An alias that means another workflow by now does not count.
 */
export function labelIn(
  { aliases }: Vocabulary,
  { alias, workflowId, environment }: { alias: string | null; workflowId: string; environment: string },
): string | null {
  const own = aliases.filter(
    (one) => sameName(one.workflowId, workflowId) && (one.environment === null || one.environment === environment),
  );
  const ordered = own.find(({ name }) => alias !== null && sameName(name, alias));
  return ordered === undefined ? (own.find(({ label }) => label !== null)?.label ?? null) : ordered.label;
}

/** The configured spelling of an environment. */
export function findEnvironment(vocabulary: Vocabulary, typed: string): string | null {
  return vocabulary.environments.find((name) => sameName(name, typed)) ?? null;
}

/** The environment with this name or with this organization's name. */
export function environmentCalled(vocabulary: Vocabulary, typed: string): string | null {
  return findEnvironment(vocabulary, typed) ?? vocabulary.organizations?.get(typed.toLowerCase()) ?? null;
}

export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
