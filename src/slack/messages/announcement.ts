import { foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/words.ts';
import type { Request } from '../../requests/request.ts';
import type { Shown } from '../../requests/state.ts';
import { actionIds, metadataTypes } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { hasEnded, sayOutcome } from './outcome.ts';
import { joined, mention, type Voice, workflowName } from './voice.ts';

/** What the channel sees of a request: what is about to happen, who wants it, and how it stands. */
export function announcement(request: Request, shown: Shown, voice: Voice): Message {
  const { words } = voice;
  const { order, requester, requestedAt } = request;
  const { verb, environment, reason } = order;
  const lines = [
    words.say('announce.title', { verb, workflow: workflowName(order, voice), environment }),
    words.say('announce.asked', { requester: user(requester), at: time(requestedAt) }),
    plain([foreign(reason)]) === '' ? words.say('announce.no_reason') : words.say('announce.reason', { reason }),
    ...standing(request, shown, voice),
  ];
  const small = words.say('announce.record', { id: [foreign(request.id)], digest: request.firstDigest });
  const buttons = shown === 'awaiting_approval' ? question(request, voice) : [];
  return renderMessage(lines, { buttons, small });
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
  const effect = words.say(`announce.effect.${request.order.verb}`);
  switch (shown) {
    case 'awaiting_approval':
      return [effect, asking(request, voice)];
    case 'approved':
      return [effect, confirmed(request, voice) ?? words.say('announce.approved')];
    case 'retrying':
      return [words.say('announce.retrying')];
    default:
      return hasEnded(request) ? [joined(sayOutcome(request, voice), confirmer(request, voice))] : [];
  }
}

function asking(request: Request, voice: Voice): Phrase {
  const { words } = voice;
  const { verb } = request.order;
  const approvers = request.grant?.approvers ?? { users: [request.requester], groups: [] };
  const question = {
    until: time(request.grant?.expiresAt ?? request.requestedAt),
    requester: user(request.requester),
    yes: bold(words.say('button.approve', { verb })),
    no: bold(words.say('button.cancel', { verb })),
  };
  const own = approvers.groups.length === 0 && approvers.users.every((id) => id === request.requester);
  if (own) return words.say('announce.question_own', question);
  return words.say('announce.question', { ...question, approvers: mention(approvers, voice) });
}

function confirmed({ approval }: Request, { words }: Voice): Phrase | null {
  return approval?.by ? words.say('announce.approved_by', { by: user(approval.by) }) : null;
}

function confirmer({ approval }: Request, { words }: Voice): Phrase | null {
  return approval?.by ? words.say('announce.confirmed_by', { by: user(approval.by) }) : null;
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
