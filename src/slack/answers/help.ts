import { actions, type Rule } from '../../access/policy.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/words.ts';
import { recordedRefusal } from '../../requests/steps/rights.ts';
import { commandChoices } from '../form/choices.ts';
import { sayRefusal } from '../messages/refusal.ts';
import { type Line, typed, type MessageContext } from '../messages/voice.ts';
import { actionIds } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { type Invocation, type Rights, rightsOf, type Sources } from './asking.ts';
import { exampleOf } from './examples.ts';
import { sayFreezes } from './freezes.ts';

/** What this person can type here now, each with an example that would be carried out; and the form for who does not type. */
export async function helpMessage(asking: Invocation, sources: Sources): Promise<Message> {
  const [voice, rights] = await Promise.all([sources.contextFor([]), rightsOf(asking, sources)]);
  const { translator: words } = voice;
  const { here } = rights;
  const lines = here.kind === 'none' ? [] : examples(here, rights, sources, voice);
  const nothing = here.kind === 'none' ? [sayNothing(here, voice)] : [];
  return renderMessage(
    [
      words.translate('help.title'),
      ...nothing,
      ...lines,
      words.translate('help.command', { example: typed(['access'], voice), does: words.translate('help.access') }),
      ...sayFreezes(rights, voice),
    ],
    { buttons: canAsk(rights) ? [newRequest(voice)] : [] },
  );
}

function sayNothing({ refusal }: Rights['here'] & { kind: 'none' }, voice: MessageContext): Phrase {
  return voice.translator.translate('help.nothing', { why: sayRefusal(recordedRefusal(refusal), null, voice) });
}

function examples(
  { asks, confirms }: Rights['here'] & { kind: 'some' },
  { may, declared }: Rights,
  { vocabulary }: Sources,
  voice: MessageContext,
): readonly Phrase[] {
  const { translator: words } = voice;
  const reason = plain(words.translate('help.example_reason'));
  const id = plain(words.translate('help.request_id'));
  const line = (example: Line, key: HelpKey): Phrase =>
    words.translate('help.command', { example: typed(example, voice), does: words.translate(key) });
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

function newRequest({ translator: words }: MessageContext): Button {
  return { actionId: actionIds.newRequest, value: 'form', label: plain(words.translate('button.new_request')) };
}
