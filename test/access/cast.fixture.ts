import type { LookUp, Person, Place } from '../../src/access/decision.ts';
import { personOf, personPerhapsIn, placeThatIs } from './policy.fixture.ts';

/** The people of the specification. `alice` has the ID `U0ALICE`, and so on. */
export const cast: Readonly<Record<string, LookUp<Person>>> = {
  alice: personOf('U0ALICE'),
  oscar: personOf('U0OSCAR', 'member', 'S0OPERATORS'),
  lars: personOf('U0LARS', 'member', 'S0LEADS'),
  lena: personOf('U0LENA', 'member', 'S0LEADS', 'S0OPERATORS'),
  carol: personOf('U0CAROL'),
  dora: personOf('U0DORA', 'member', 'S0DEVS', 'S0UNHEARD'),
  nina: personOf('U0NINA', 'member', 'S0ONCALL'),
  audrey: personOf('U0AUDREY', 'member', 'S0AUDIT'),
  adam: personOf('U0ADAM', 'member', 'S0ADMINS'),
  anna: personOf('U0ANNA', 'member', 'S0ADMINS'),
  eve: personOf('U0EVE'),
  /** Guests that the configuration permits. */
  gina: personOf('U0GINA', 'guest'),
  gustav: personOf('U0GUSTAV', 'guest'),
  /** Guests that it does not permit, whatever the groups and rules say. */
  greta: personOf('U0GRETA', 'guest', 'S0DEVS', 'S0OPERATORS'),
  guido: personOf('U0GUIDO', 'guest'),
  /** Listed as a guest in the configuration, but not a guest: the list applies to guests only. */
  sam: personOf('U0SAM', 'stranger', 'S0OPERATORS'),
  robot: personOf('U0ROBOT', 'bot', 'S0OPERATORS'),
  dee: personOf('U0DEE', 'deactivated', 'S0OPERATORS', 'S0LEADS'),
  wilma: personOf('W0WILMA', 'other_workspace', 'S0OPERATORS'),
  /** IDs in another letter case, or with more characters, are other people. */
  'small alice': personOf('u0alice'),
  'long alice': personOf('U0ALICE2'),
  'user @operators': personOf('S0OPERATORS'),
  unseen: { ok: false, failed: 'person', retryAfterMs: 0 },
  /** The members of these groups are unknown. */
  'doubted alice': personPerhapsIn('U0ALICE', 'S0OPERATORS', 'S0LEADS'),
  ungrouped: personPerhapsIn('U0UNGROUPED', 'S0OPERATORS', 'S0LEADS'),
};

/** The channels of the specification. `ops` has the ID `C0OPS`, and so on. */
export const places: Readonly<Record<string, LookUp<Place>>> = {
  ops: placeThatIs(),
  night: placeThatIs(),
  dev: placeThatIs(),
  audit: placeThatIs(),
  admin: placeThatIs(),
  /** No rule names it. */
  random: placeThatIs(),
  /** Shared with another organization: listed as such, and not. */
  agency: placeThatIs({ shared: true }),
  partner: placeThatIs({ shared: true }),
  attic: placeThatIs({ archived: true }),
  quiet: placeThatIs({ botIsMember: false }),
  cellar: placeThatIs({ archived: true, botIsMember: false }),
  ruin: placeThatIs({ shared: true, archived: true, botIsMember: false }),
  lost: { ok: false, failed: 'channel', retryAfterMs: 0 },
};

/** Throws where a table uses an undefined name. */
export function named<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = new Map(Object.entries(all)).get(name);
  if (found === undefined) throw new Error(`undefined in the specification: "${name}"`);
  return found;
}
