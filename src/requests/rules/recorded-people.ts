import type { People } from '../../access/policy.ts';
import type { RecordedPeople } from '../outcome.ts';

export function peopleOf({ users, groups }: RecordedPeople): People {
  return { users: new Set(users), groups: new Set(groups) };
}

export function recordedPeople({ users, groups }: People): RecordedPeople {
  return { users: [...users].sort(), groups: [...groups].sort() };
}

/** Each of them once, in the order in which they are first named. */
export function unitedRecorded(all: readonly RecordedPeople[]): RecordedPeople {
  return {
    users: [...new Set(all.flatMap(({ users }) => users))],
    groups: [...new Set(all.flatMap(({ groups }) => groups))],
  };
}
