/** Another name of a workflow. With an environment, the name means the workflow there and nowhere else. */
export type Alias = {
  readonly name: string;
  readonly workflowId: string;
  readonly environment: string | null;
  /** What it does, for people; null where nobody says. */
  readonly label: string | null;
};

/** What the configuration lets people type. */
export type Vocabulary = {
  readonly environments: readonly string[];
  /** Null where people have to say which. */
  readonly defaultEnvironment: string | null;
  readonly aliases: readonly Alias[];
  /** The environments by their organizations, which are other names that people know them by. */
  readonly organizations?: ReadonlyMap<string, string>;
};

export function findAlias(vocabulary: Vocabulary, typed: string): Alias | null {
  return vocabulary.aliases.find(({ name }) => sameName(name, typed)) ?? null;
}

/** The configured spelling of an environment. */
export function findEnvironment(vocabulary: Vocabulary, typed: string): string | null {
  return vocabulary.environments.find((name) => sameName(name, typed)) ?? null;
}

/** The environment that people call so, by its own name or its organization's. */
export function environmentCalled(vocabulary: Vocabulary, typed: string): string | null {
  return findEnvironment(vocabulary, typed) ?? vocabulary.organizations?.get(typed.toLowerCase()) ?? null;
}

export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
