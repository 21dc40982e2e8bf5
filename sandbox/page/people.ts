import { CHANNELS, GROUPS, USERS, user, type WorkspaceSeed } from '../slack/seed.ts';
import type { Person } from './snapshot.ts';

/** The people that can be selected, with their roles in the rules. */
export const people: readonly Person[] = [
  { id: 'U0ALICE', name: 'Alice', role: 'Operator' },
  { id: 'U0BOB', name: 'Bob', role: 'Lead' },
  { id: 'U0CAROL', name: 'Carol', role: 'Lead' },
  { id: 'U0CHLOE', name: 'Chloé', role: 'Operator on duty, in French' },
  { id: 'U0JONAS', name: 'Jonas', role: 'Lead, in German' },
  { id: 'U0GINA', name: 'Gina', role: 'Guest' },
  { id: 'U0PAT', name: 'Pat', role: 'Partner’s employee' },
];

const chloe = user('U0CHLOE', 'chloe', 'Chloé Opératrice', { locale: 'fr-FR', tz: 'Europe/Paris' });
const jonas = user('U0JONAS', 'jonas', 'Jonas Leiter', { locale: 'de-DE', tz: 'Europe/Berlin' });

/** The channels and groups that these two are in, by ID. */
const places: Readonly<Record<string, readonly string[]>> = {
  C0OPS: [chloe.id, jonas.id],
  C0MKT: [chloe.id, jonas.id],
  C0NOBOT: [chloe.id, jonas.id],
  G0LEADS: [jonas.id],
  S0OPS: [chloe.id],
  S0LEADS: [jonas.id],
};

/** Who is asked for a confirmation if the leads are silent. */
const duty = { id: 'S0DUTY', handle: 'duty', users: [chloe.id] };

/** The pretend Slack's usual workspace, with people whose Slack is in French and in German. */
export const pageWorkspace: Partial<WorkspaceSeed> = {
  users: [...USERS, chloe, jonas],
  channels: CHANNELS.map((one) => ({ ...one, members: [...one.members, ...(places[one.id] ?? [])] })),
  groups: [...GROUPS.map((one) => ({ ...one, users: [...one.users, ...(places[one.id] ?? [])] })), duty],
};
