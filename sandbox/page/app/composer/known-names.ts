import { parse } from 'yaml';
import type { Entry, Offers, Snapshot } from '../../snapshot.ts';

export type KnownName = { readonly name: string; readonly about: string };

/** The names that can be typed after a command. */
export type KnownNames = {
  readonly workflows: readonly KnownName[];
  readonly environments: readonly KnownName[];
  readonly people: readonly KnownName[];
  /** Requests of this channel that wait for a decision. */
  readonly open: readonly KnownName[];
  /** What the person may do in this channel. */
  readonly offers: Offers;
};

const nothing: Offers = { commands: [], workflows: {} };

export function knownNames(
  { campaign, known, entries, offers }: Snapshot,
  rules: RuleNames,
  channel: string,
): KnownNames {
  const ids = campaign.workflows.map(({ id, organization, state }) => ({
    name: id,
    about: `${organization}, ${state}`,
  }));
  return {
    workflows: [...rules.aliases, ...ids],
    environments: rules.environments,
    people: known.users.map(({ name }) => ({ name: `@${name}`, about: '' })),
    offers: offers[channel] ?? nothing,
    open: entries.filter((entry) => entry.channel === channel).flatMap(openRequest),
  };
}

/** The block ID of the bot's context block contains the request's ID. A waiting request has buttons. */
function openRequest({ blocks, text }: Entry): readonly KnownName[] {
  if (!blocks.some(({ type }) => type === 'actions')) return [];
  const name = blocks.find(({ block_id }) => block_id?.startsWith(requestPrefix))?.block_id;
  const about = text.split('\n')[0] ?? '';
  return name === undefined ? [] : [{ name: name.slice(requestPrefix.length), about }];
}

const requestPrefix = 'request:';

/** The names that the bot's rules define. */
export type RuleNames = Pick<KnownNames, 'environments'> & { readonly aliases: readonly KnownName[] };

/** Empty where the rules cannot be parsed; the rules panel shows the error. */
export function namesInRules(rules: string): RuleNames {
  const file = mapping(parsed(rules));
  const aliases = Object.entries(mapping(file.workflows)).map(([name, workflow]) => {
    const { id, label, environment } = mapping(workflow);
    const about = [id, environment, label].filter((part) => typeof part === 'string');
    return { name, about: about.join(', ') };
  });
  const environments = Object.keys(mapping(file.environments)).map((name) => ({ name, about: '' }));
  return { aliases, environments };
}

function parsed(rules: string): unknown {
  try {
    return parse(rules, { logLevel: 'silent' });
  } catch {
    return null;
  }
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
