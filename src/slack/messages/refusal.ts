import { channel, type Phrase } from '../../locales/phrase.ts';
import type { RecordedPeople, RecordedRefusal } from '../../requests/reasons.ts';
import { invite, isNobody, mention, type Voice } from './voice.ts';

const nobody: RecordedPeople = { users: [], groups: [] };

/** Why somebody is refused, and what would help. */
export function sayRefusal(refusal: RecordedRefusal, voice: Voice): Phrase {
  const { words } = voice;
  switch (refusal.reason) {
    case 'wrong_channel':
      return sayChannels(refusal.channels ?? [], voice);
    case 'not_permitted':
      return sayPeople(refusal.permitted ?? nobody, ['refusal.not_permitted', 'refusal.nobody_permitted'], voice);
    case 'not_an_approver':
      return sayPeople(refusal.permitted ?? nobody, ['refusal.not_an_approver', 'refusal.nobody_approves'], voice);
    case 'approval_needed':
      return sayPeople(
        refusal.permitted ?? nobody,
        ['refusal.approval_needed', 'refusal.nobody_approves_any_more'],
        voice,
      );
    case 'bot_not_in_channel':
      return words.say('refusal.bot_not_in_channel', { invite: invite(voice) });
    case 'lookup_failed':
      return words.say('refusal.lookup_failed', { failed: refusal.failed ?? '' });
    default:
      return words.say(`refusal.${refusal.reason}`);
  }
}

function sayChannels(channels: readonly string[], { words }: Voice): Phrase {
  if (channels.length === 0) return words.say('refusal.no_channel');
  return words.say('refusal.wrong_channel', { channels: words.either(channels.map(channel)) });
}

type PeopleKeys =
  | ['refusal.not_permitted', 'refusal.nobody_permitted']
  | ['refusal.not_an_approver', 'refusal.nobody_approves']
  | ['refusal.approval_needed', 'refusal.nobody_approves_any_more'];

function sayPeople(people: RecordedPeople, [some, none]: PeopleKeys, voice: Voice): Phrase {
  const { words } = voice;
  return isNobody(people) ? words.say(none) : words.say(some, { people: mention(people, voice) });
}
