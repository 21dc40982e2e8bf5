import type { types } from '@slack/bolt';
import { channel, foreign, type Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { newestFirst } from '../../requests/ledger/recent.ts';
import { isOutcome } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { canAsk } from '../answers/help.ts';
import { maySeeRequest } from '../answers/history.ts';
import { withReason } from '../answers/history-page.ts';
import { type Rights, rightsOf } from '../answers/invocation.ts';
import { describeFreezes } from '../answers/own-freezes.ts';
import { waitingFor, waitingSections } from '../answers/waiting.ts';
import { watchLines } from '../answers/watches.ts';
import type { ListenerPorts, LocalizedPorts } from '../listener-ports.ts';
import { historyEntry, historyLegend } from '../messages/history-entry.ts';
import { type LocalizedMessage, type MessageContext, spokenLabel, typed } from '../messages/message-context.ts';
import { actionIds } from '../names.ts';
import { type Message, renderSections, type Section } from '../render.ts';

/** How many channels are looked at for freezes, watches, outcomes and the form: those that the rules name first. */
const mostChannels = 5;

/** How many watches of each channel are shown. */
const mostWatches = 5;

/** How many requests of each channel are read for the last outcomes, and how many are shown. */
const mostRead = 10;
const mostOutcomes = 5;

/** A channel of which the person is a member, and in which rules name that person. */
type Place = { readonly channel: string; readonly name: string; readonly rights: Rights };

/**
 * The App Home of a person: what waits, the freezes in force, what is watched, the last outcomes that this person may see, and the form for
 * each channel. All of it by the rights of now, and of channels of which the person is a member now.
 *
 * @param note what came of the last press
 */
async function homeView(person: string, ports: LocalizedPorts, note: Message | null): Promise<types.HomeView> {
  const [waiting, places] = await Promise.all([
    waitingFor({ person, team: ports.team }, ports),
    placesOf(person, ports),
  ]);
  const sections = [
    ...(await waitingSections(waiting, '', ports)),
    ...freezes(places, ports.plainContext),
    ...(await watches(places, ports)),
    ...(await outcomes(places, ports)),
    ...forms(places, ports.plainContext),
    { lines: [ports.plainContext.translator.translate('home.help', { help: typed(['help'], ports.plainContext) })] },
  ];
  return { type: 'home', blocks: [...(note?.blocks ?? []), ...renderSections(sections).blocks] };
}

/** The same in the language of the person. */
export async function renderHome(
  person: string,
  ports: ListenerPorts,
  note: LocalizedMessage | null,
): Promise<types.HomeView> {
  const localized = { ...ports, ...ports.localize(await ports.languages.languageOf(person)) };
  return homeView(person, localized, note?.(localized.plainContext) ?? null);
}

async function placesOf(person: string, ports: LocalizedPorts): Promise<readonly Place[]> {
  const member = await ports.directory.channelsOf(person);
  if (!member.ok) return [];
  const named = new Set(ports.policy().rules.flatMap(({ channels }) => [...channels]));
  const channels = [...named].filter((one) => member.channels.has(one)).slice(0, mostChannels);
  const places = await Promise.all(
    channels.map(async (one) => ({
      channel: one,
      name: member.channels.get(one) || one,
      rights: await rightsOf({ person, team: ports.team, channel: one }, ports),
    })),
  );
  return places.filter(({ rights }) => rights.here.kind === 'some');
}

/** Each freeze once, although several channels can show it. */
function freezes(places: readonly Place[], context: MessageContext): readonly Section[] {
  const lines = new Map(
    places.flatMap(({ rights }) => describeFreezes(rights, context)).map((line) => [key(line), line]),
  );
  return lines.size === 0 ? [] : [{ lines: [...lines.values()] }];
}

async function watches(places: readonly Place[], ports: LocalizedPorts): Promise<readonly Section[]> {
  const { translator } = ports.plainContext;
  const found = await Promise.all(
    places.map(async ({ channel: place, rights }) => {
      const lines = await watchLines(place, rights, ports, mostWatches);
      return { lines: [translator.translate('home.watched', { channel: [channel(place)] }), ...lines] };
    }),
  );
  return found.filter(({ lines }) => lines.length > 1);
}

function key(line: Phrase): string {
  return JSON.stringify(line);
}

async function outcomes(places: readonly Place[], ports: LocalizedPorts): Promise<readonly Section[]> {
  const found = await Promise.all(places.map((place) => outcomesIn(place, ports)));
  const newest = found.flat().toSorted(newestFirst).slice(0, mostOutcomes);
  const last = await Promise.all(newest.map((request) => withReason(request, ports.ledger)));
  if (last.length === 0) return [];
  const context = ports.contextFor(last);
  const lines = last.flatMap((request) => historyEntry(request, context, ports.now()));
  return [{ lines: [context.translator.translate('home.outcomes'), ...lines], small: historyLegend(last, context) }];
}

async function outcomesIn({ channel: place, rights }: Place, ports: LocalizedPorts): Promise<readonly Request[]> {
  const recent = await ports.ledger.recent({ channel: place, workflowKey: null, refused: false, limit: mostRead });
  const maySee = maySeeRequest(rights, ports);
  return recent.filter((request) => isOutcome(request.state) && maySee(request));
}

/** The form is for one channel: its name stands above the button. */
function forms(places: readonly Place[], context: MessageContext): readonly Section[] {
  const { translator } = context;
  const label = plain(translator.translate('button.new_request'));
  return places
    .filter(({ rights }) => canAsk(rights))
    .map(({ channel: place, name }) => {
      const spoken = spokenLabel(label, [foreign(`#${name}`)], context);
      return {
        lines: [translator.translate('home.new_request', { channel: [channel(place)] })],
        buttons: [{ actionId: actionIds.newRequest, value: place, label, spoken }],
      };
    });
}
