import { isReading } from '../../access/policy.ts';
import { foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/words.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import type { Shown } from '../../requests/state.ts';
import { actionIds, messageName, metadataTypes } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { hasEnded, sayOutcome } from './outcome.ts';
import { joined, mention, sayOrder, type Voice } from './voice.ts';

/** What the channel sees of a request: what is about to happen, who wants it, and how it stands. */
export function announcement(request: Request, shown: Shown, voice: Voice): Message {
  const { words } = voice;
  const { order, requester, requestedAt } = request;
  const { reason } = order;
  const lines = [
    sayOrder(order, voice),
    words.say('announce.asked', { requester: user(requester), at: time(requestedAt) }),
    plain([foreign(reason)]) === '' ? words.say('announce.no_reason') : words.say('announce.reason', { reason }),
    ...standing(request, shown, voice),
  ];
  const small = words.say('announce.record', { id: [foreign(request.id)], digest: request.firstDigest });
  const buttons = shown === 'awaiting_approval' ? question(request, voice) : [];
  return renderMessage(lines, { buttons, small, name: messageName(request.id) });
}

/** Message metadata: flat, and without anything that the text does not say. */
export function announcementMetadata(request: Request, shown: Shown) {
  const { id, order, firstDigest } = request;
  return {
    event_type: metadataTypes.announcement,
    event_payload: {
      request_id: id,
      command: order.verb,
      workflow_id: order.workflowId,
      environment: order.environment,
      state: shown,
      digest: firstDigest,
    },
  };
}

function standing(request: Request, shown: Shown, voice: Voice): readonly Phrase[] {
  const { words } = voice;
  switch (shown) {
    case 'awaiting_approval':
      return [
        sayEffect(request, voice),
        ...sayChange(request, voice),
        asking(request, voice),
        ...progress(request, voice),
      ];
    case 'approved':
      return [sayEffect(request, voice), confirmed(request, voice) ?? words.say('announce.approved')];
    case 'retrying':
      return [words.say('announce.retrying')];
    default:
      return hasEnded(request) ? [joined(sayOutcome(request, voice), confirmer(request, voice))] : [];
  }
}

/** What it will do, by what Campaign shows of the workflow. */
function sayEffect({ order, grant }: Request, { words }: Voice): Phrase {
  const { verb } = order;
  if (isReading(verb)) return [];
  const effect = words.say(`announce.effect.${verb}`);
  const seen = grant?.seen ?? null;
  if (seen?.kind === 'slow') return joined(words.say('announce.seen_slow'), effect);
  if (seen?.kind !== 'seen') return effect;
  const { reading, field, raw } = seen;
  const shows = words.say('announce.seen', { reading: reading ?? 'unknown', field, raw });
  const isDangerous = verb === 'start' && (reading === 'erroneous' || reading === 'warning');
  return joined(shows, isDangerous ? words.say(`announce.danger.${reading}`) : effect);
}

function sayChange({ changed }: Request, { words }: Voice): readonly Phrase[] {
  if (changed === null) return [];
  const { before, now, by } = changed;
  return [words.say('announce.changed', { before, now, by: user(by) })];
}

function asking(request: Request, voice: Voice): Phrase {
  const { words } = voice;
  const { verb } = request.order;
  const { approvers, expiresAt, needed } = questionOf(request);
  const question = {
    until: time(expiresAt),
    requester: user(request.requester),
    yes: bold(words.say('button.approve', { verb })),
    no: bold(words.say('button.cancel', { verb })),
  };
  const own = approvers.groups.length === 0 && approvers.users.every((id) => id === request.requester);
  if (own) return words.say('announce.question_own', question);
  return words.say('announce.question', { ...question, needed, approvers: mention(approvers, voice) });
}

function questionOf({ grant, requester, requestedAt }: Request) {
  const { approvers, expiresAt, needed = 1 } = grant ?? {};
  return {
    approvers: approvers ?? { users: [requester], groups: [] },
    expiresAt: expiresAt ?? requestedAt,
    needed,
  };
}

/** "1 of 2: @bob" */
function progress(request: Request, { words }: Voice): readonly Phrase[] {
  const by = confirmers(request);
  if (by.length === 0) return [];
  const { needed } = questionOf(request);
  const said = words.say('announce.progress', { count: by.length, needed, people: words.all(by.map(user)) });
  return [joined(notCompared(request, words), said)];
}

function confirmed(request: Request, { words }: Voice): Phrase | null {
  const by = confirmers(request);
  if (by.length === 0) return null;
  const said = words.say('announce.approved_by', { by: words.all(by.map(user)) });
  return joined(notCompared(request, words), said);
}

/** Said of every look that was skipped, not of the last confirmation's alone, and also when all is over. */
function notCompared({ confirmations, approval }: Request, words: Voice['words']): Phrase | null {
  const looks = [...confirmations.map(({ seen }) => seen), approval?.seen ?? null];
  return looks.some((seen) => seen?.kind === 'slow') ? words.say('announce.not_compared') : null;
}

function confirmer(request: Request, { words }: Voice): Phrase | null {
  const by = confirmers(request);
  if (by.length === 0 || request.approval === null) return null;
  return joined(notCompared(request, words), words.say('announce.confirmed_by', { by: words.all(by.map(user)) }));
}

function question({ id, order: { verb } }: Request, { words }: Voice): readonly Button[] {
  return [
    {
      actionId: actionIds.approve,
      value: id,
      label: plain(words.say('button.approve', { verb })),
      style: verb === 'stop' ? 'danger' : 'primary',
    },
    { actionId: actionIds.cancel, value: id, label: plain(words.say('button.cancel', { verb })) },
  ];
}

function bold(phrase: Phrase): Phrase {
  return [foreign(plain(phrase), ['bold'])];
}
