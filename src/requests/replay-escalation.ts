import type { EventOf } from './events.ts';
import { afterProblem, attempted, unposted } from './post-progress.ts';
import { pagingAfter } from './replay-direct-messages.ts';
import type { Escalation, Request } from './request.ts';
import { remindersUntil } from './rules/nudge.ts';

type Question = Pick<Request, 'grant' | 'askedAt' | 'escalation'>;

export const unescalated: Escalation = {
  stages: [],
  reminders: 0,
  calls: [],
  callPost: unposted,
  unpaged: [],
  paging: [],
  unlisted: [],
};

const types = [
  'escalated',
  'reminded',
  'listed',
  'paging',
  'paged',
  'calling',
  'called',
  'changed',
  'not_posted',
] as const;
type EscalationType = (typeof types)[number];
type EscalationEvent = { [T in EscalationType]: EventOf<T> & { readonly at: number } }[EscalationType];

/** The escalation of a question after an event. */
export function escalationAfter(request: Question, event: EscalationEvent): Escalation {
  const { escalation } = request;
  const { stages, calls, unpaged, paging, unlisted, callPost } = escalation;
  switch (event.type) {
    case 'escalated':
      return escalated(request, event);
    case 'reminded': {
      const { reminder: number } = event.data;
      return { ...escalation, reminders: number, calls: [...calls, { kind: 'reminder', number }] };
    }
    case 'listed':
      return listed(escalation, event.data);
    case 'paging':
    case 'paged':
      return { ...escalation, ...pagingAfter(escalation, event) };
    case 'calling':
      return { ...escalation, callPost: attempted({ data: event.data, at: event.at }) };
    case 'called':
      return { ...escalation, calls: calls.slice(1), callPost: unposted };
    case 'not_posted':
      return { ...escalation, callPost: { ...callPost, ...afterProblem(callPost, event.data.reason, event.at) } };
    case 'changed':
      return { ...ofNewQuestion(escalation), stages, unpaged, paging, unlisted };
    default:
      return event satisfies never;
  }
}

/** A stage that names nobody says nothing. Otherwise it says more than the reminders before it that are not posted yet. */
function escalated(request: Question, { data: stage, at }: EventOf<'escalated'> & { readonly at: number }): Escalation {
  const { escalation: before } = request;
  const stages = [...before.stages, stage];
  const { users, groups } = stage.to;
  if (users.length + groups.length === 0) return { ...before, stages };
  const known = new Set(before.stages.flatMap(({ people }) => people));
  const unknown = stage.unlisted ?? [];
  return {
    ...before,
    stages,
    reminders: Math.max(before.reminders, remindersUntil(request, at)),
    calls: [...before.calls, { kind: 'stage', number: stage.stage }],
    unpaged: [...before.unpaged, ...stage.people.filter((id) => !known.has(id))],
    unlisted: unknown.length === 0 ? before.unlisted : [...before.unlisted, { stage: stage.stage, groups: unknown }],
  };
}

/** Whoever gets a direct message belongs to those whom the stage has asked. */
function listed(before: Escalation, { stage, people, unlisted = [], isFinal }: EventOf<'listed'>['data']): Escalation {
  const known = new Set(before.stages.flatMap((one) => one.people));
  const others = before.unlisted.filter((one) => one.stage !== stage);
  const isOver = isFinal === true || unlisted.length === 0;
  return {
    ...before,
    stages: before.stages.map((one) => (one.stage === stage ? { ...one, people: [...one.people, ...people] } : one)),
    unpaged: [...before.unpaged, ...people.filter((id) => !known.has(id))],
    unlisted: isOver ? others : [...others, { stage, groups: unlisted }],
  };
}

/** Reminders of the question before are over. Whoever was asked by then may confirm the new one, and is still told. */
function ofNewQuestion({ calls, callPost }: Escalation): Escalation {
  const stages = calls.filter(({ kind }) => kind === 'stage');
  return { ...unescalated, calls: stages, callPost: calls[0]?.kind === 'stage' ? callPost : unposted };
}
