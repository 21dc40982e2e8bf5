import { approversOf } from '../../access/decide-press.ts';
import type { Decision } from '../../access/decision.ts';
import type { Action, ApprovalRule } from '../../access/policy.ts';
import { verbs } from '../../commands/command.ts';
import { code, type Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/words.ts';
import { recordedPeople, recordedRefusal } from '../../requests/steps/rights.ts';
import { sayRefusal } from '../messages/refusal.ts';
import { mention, typed, type Voice } from '../messages/voice.ts';
import { type Message, renderMessage } from '../render.ts';
import { type Asking, rightsOf, type Sources } from './asking.ts';

/** Every command with an example and what it does; and what this person may do here. */
export async function helpMessage(asking: Asking, sources: Sources): Promise<Message> {
  const voice = await sources.voice([]);
  return renderMessage([voice.words.say('help.title'), ...examples(voice), ...(await access(asking, sources, voice))]);
}

/** What this person may do here, and who confirms a stop. */
export async function accessMessage(asking: Asking, sources: Sources): Promise<Message> {
  return renderMessage(await access(asking, sources, await sources.voice([])));
}

function examples({ words }: Voice): readonly Phrase[] {
  const reason = plain(words.say('help.example_reason'));
  const lines = [
    [typed('start', 'WKF110'), 'help.start'],
    [typed('pause', 'WKF110', reason), 'help.pause'],
    [typed('resume', 'WKF110'), 'help.resume'],
    [typed('stop', 'WKF110', reason), 'help.stop'],
    [typed('status', 'WKF110'), 'help.status'],
    [typed('history'), 'help.history'],
    [typed('access'), 'help.access'],
    [typed('approve', '7K3M9QPA'), 'help.approve'],
    [typed('cancel', '7K3M9QPA'), 'help.cancel'],
  ] as const;
  return lines.map(([example, does]) => words.say('help.command', { example, does: words.say(does) }));
}

async function access(asking: Asking, sources: Sources, voice: Voice): Promise<readonly Phrase[]> {
  const { words } = voice;
  const { may, confirmable } = await rightsOf(asking, sources);
  const actions = ([...verbs, 'status', 'history'] as const).filter((action) => may(action).permitted);
  const stop = may('stop');
  return [
    actions.length > 0 ? words.say('access.may', { actions: named(actions, voice) }) : mayNot(may('start'), voice),
    ...(confirmable.length > 0 ? [words.say('access.may_confirm', { actions: named(confirmable, voice) })] : []),
    ...(stop.permitted && stop.approval ? [stopNeeds(asking, stop.approval, stop.rule, voice)] : []),
  ];
}

function named(actions: readonly Action[], { words }: Voice): Phrase {
  return words.all(actions.map((action) => code(action)));
}

function mayNot(decision: Decision, voice: Voice): Phrase {
  const why = decision.permitted ? [] : sayRefusal(recordedRefusal(decision.refusal), voice);
  return voice.words.say('access.may_not', { why });
}

function stopNeeds({ person }: Asking, approval: ApprovalRule, rule: string, voice: Voice): Phrase {
  const approvers = approversOf({ permitted: true, rule, approval }, person);
  const people = mention(recordedPeople(approvers), voice);
  return voice.words.say('access.stop_needs', { people, minutes: Math.ceil(approval.withinMs / 60_000) });
}
