import { actions, type Rule } from '../../access/policy.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/words.ts';
import { recordedRefusal } from '../../requests/steps/rights.ts';
import { commandChoices } from '../form/choices.ts';
import { sayRefusal } from '../messages/refusal.ts';
import { type Line, typed, type Voice } from '../messages/voice.ts';
import { actionIds } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { type Asking, type Rights, rightsOf, type Sources } from './asking.ts';
import { exampleOf } from './examples.ts';
import { sayFreezes } from './freezes.ts';

/** What this person can type here now, each with an example that would be carried out; and the form for who does not type. */
export async function helpMessage(asking: Asking, sources: Sources): Promise<Message> {
  const [voice, rights] = await Promise.all([sources.voice([]), rightsOf(asking, sources)]);
  const { words } = voice;
  const { here } = rights;
  const lines = here.kind === 'none' ? [] : examples(here, rights, sources, voice);
  const nothing = here.kind === 'none' ? [sayNothing(here, voice)] : [];
  return renderMessage(
    [
      words.say('help.title'),
      ...nothing,
      ...lines,
      words.say('help.command', { example: typed(['access'], voice), does: words.say('help.access') }),
      ...sayFreezes(rights, voice),
    ],
    { buttons: canAsk(rights) ? [newRequest(voice)] : [] },
  );
}

function sayNothing({ refusal }: Rights['here'] & { kind: 'none' }, voice: Voice): Phrase {
  return voice.words.say('help.nothing', { why: sayRefusal(recordedRefusal(refusal), null, voice) });
}

function examples(
  { asks, confirms }: Rights['here'] & { kind: 'some' },
  { may, declared }: Rights,
  { vocabulary }: Sources,
  voice: Voice,
): readonly Phrase[] {
  const { words } = voice;
  const reason = plain(words.say('help.example_reason'));
  const id = plain(words.say('help.request_id'));
  const line = (example: Line, key: HelpKey): Phrase =>
    words.say('help.command', { example: typed(example, voice), does: words.say(key) });
  const ofRules = actions.flatMap((action) => {
    const example = exampleOf(action, { asks, may, declared }, vocabulary(), reason);
    if (example === null) return [];
    return action === 'access' ? [line(['access', '@bob'], 'help.access_of')] : [line(example, `help.${action}`)];
  });
  return [
    ...ofRules,
    ...(decides(asks, confirms) ? [line(['approve', id], 'help.approve'), line(['cancel', id], 'help.cancel')] : []),
  ];
}

type HelpKey =
  `help.${'start' | 'pause' | 'resume' | 'stop' | 'freeze' | 'unfreeze' | 'status' | 'history' | 'access_of' | 'approve' | 'cancel'}`;

/** Whether there can be a request that this person may decide on. */
function decides(asks: readonly Rule[], confirms: readonly Rule[]): boolean {
  return confirms.length > 0 || asks.some(({ approval, actions }) => approval !== null || actions.has('stop'));
}

/** Whether the form would have anything to choose from. */
export function canAsk({ here }: Rights): boolean {
  return here.kind === 'some' && commandChoices(here.asks).length > 0;
}

function newRequest({ words }: Voice): Button {
  return { actionId: actionIds.newRequest, value: 'form', label: plain(words.say('button.new_request')) };
}
