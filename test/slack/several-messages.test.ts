import { describe, expect, it } from '@jest/globals';
import { lengthOfText } from '../../sandbox/slack/blocks.ts';
import type { Event, OrderedWorkflow } from '../../src/requests/events.ts';
import type { Request } from '../../src/requests/request.ts';
import { announcement } from '../../src/slack/messages/announcement.ts';
import { itemRefusals } from '../../src/slack/messages/batch-refusal.ts';
import { historyEntry } from '../../src/slack/messages/history-entry.ts';
import type { MessageContext } from '../../src/slack/messages/message-context.ts';
import {
  followUpReply,
  forRequester,
  outcomeReply,
  pressRefused,
  privateOutcome,
} from '../../src/slack/messages/replies.ts';
import { referTo } from '../../src/slack/references.ts';
import { type Message, renderMessage } from '../../src/slack/render.ts';
import { campaignReasons } from '../locales/closed-sets.ts';
import { noAnswer, noon } from '../requests/events.fixture.ts';
import { dispatching, ended, probeShowing, refusals, requestWith, waiting } from './every-request.ts';
import { contexts, context as english } from './message-contexts.ts';
import { acceptedBlocks, linesOf, smallPrintOf } from './shown-text.ts';

const longAnswer = {
  status: 500,
  text: 'RST-360000 '.padEnd(300, 'It cannot be processed now. '),
  adobeRequestId: null,
};
const approved: readonly Event[] = [
  ...waiting,
  { type: 'approved', data: { by: 'U0BOB', interaction: 'press-1', seen: probeShowing('in_progress') } },
];
const confirmed: readonly Event[] = [...approved, dispatching];
const observedAs = (reading: 'finished' | null): Event => ({
  type: 'observed',
  data: { observation: { kind: 'seen', reading, field: 'logicalStatus', raw: 'something_else' }, isShown: true },
});
const completed = ended('completed', { kind: 'each' });

/** A batch that ended so, and its items, with the events of each. */
function severalWith(end: readonly Event[], ...ofItems: readonly (readonly Event[])[]) {
  const named = ofItems.map((_, index) => {
    return { request: `ITEM00${10 + index}`, workflowId: `WKF1${100 + index}`, alias: null };
  });
  const [first, ...others] = named;
  if (first === undefined) throw new Error('no items');
  const workflows: readonly [OrderedWorkflow, ...OrderedWorkflow[]] = [first, ...others];
  const batch = requestWith(end, { workflowId: named.map(({ workflowId }) => workflowId).join(','), workflows });
  const items = ofItems.map((events, index): Request => {
    const { request = '', workflowId = '' } = named[index] ?? {};
    return { ...requestWith(events, { workflowId }), id: request, batch: batch.id };
  });
  return { batch, items };
}

const of20 = (events: readonly Event[]) => severalWith([...approved, completed], ...Array(20).fill(events));
const labelOf = () => 'Label '.padEnd(100, 'of the nightly profile load ');

describe.each(contexts)('20 workflows in $translator.locale', (localized) => {
  it.each(campaignReasons)('Slack takes what %s does to all of them', (reason) => {
    for (const outcome of ['rejected', 'unknown', 'not_sent'] as const) {
      const seen = outcome === 'unknown' ? [observedAs(null)] : [];
      const { batch, items } = of20([...confirmed, ended(outcome, { kind: 'campaign', reason }, longAnswer), ...seen]);
      const context = { ...localized, items, labelOf };
      const reply = outcomeReply(batch, context);
      expect(lengthOfText(acceptedBlocks(reply))).toBeLessThan(10_000);
      const [, details] = reply.blocks;
      expect(details?.type).toBe('context');
      expect(lengthOfText(details)).toBeLessThanOrEqual(2_000);
      expect(smallPrintOf(reply)).toContain('WKF1119');
      expect(lengthOfText(acceptedBlocks(announcement(batch, 'completed', context)))).toBeLessThan(10_000);
    }
  });

  it('the channel reads no person, channel or rule of a refusal, and the requester a reason for each', () => {
    const each = refusals.map((refusal) => [ended('refused', { kind: 'access', refusal })]);
    const { batch, items } = severalWith(waiting, ...each);
    const context = { ...localized, items };
    const shown = JSON.stringify(announcement(batch, 'awaiting_approval', context).blocks);
    const lines = shown.split('⛔').slice(1);
    expect(lines).toHaveLength(refusals.length);
    const channels = refusals.flatMap((refusal) => refusal.channels ?? []);
    const rules = refusals.flatMap(({ rule }) => rule ?? []);
    for (const fact of [...channels, ...rules]) expect(shown).not.toContain(fact);
    acceptedBlocks(renderMessage(itemRefusals(context)));
  });
});

const text = (message: Message) => linesOf(message).join('\n');

describe('several workflows', () => {
  const missing = [ended('refused', { kind: 'no_such_workflow', nearest: null })];
  const forbidden = (group: string) => {
    const permitted = { users: [], groups: [group] };
    return [ended('refused', { kind: 'access', refusal: { reason: 'not_permitted', permitted, channels: ['C0OPS'] } })];
  };

  it('the requester reads each reason once, with its workflows', () => {
    const { items } = severalWith(waiting, missing, missing, forbidden('S0LEADS'), forbidden('S0LEADS'), waiting);
    const lines = linesOf(renderMessage(itemRefusals({ ...english, items })));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('Campaign has no workflow WKF1100 or WKF1101 in prod.');
    expect(lines[1]).toContain('WKF1102 and WKF1103 · ⛔');
    expect(lines[1]).toContain('may stop WKF1102 or WKF1103 in prod');
  });

  it('shows of a time for all what was seen of each, when they are sent, and a button to take them back', () => {
    const due = { dueAt: noon + 1_800_000, zone: 'Europe/Paris' };
    const scheduled: Event = { type: 'scheduled', data: { by: 'U0BOB', interaction: 'press-1' } };
    const [granted, ...announced] = waiting;
    if (granted?.type !== 'granted') throw new Error('not granted');
    const own: readonly Event[] = [{ ...granted, data: { ...granted.data, ...due } }, ...announced, scheduled];
    const taken = ended('superseded', { kind: 'superseded', by: 'OTHER001' });
    const { batch, items } = severalWith(own, own, own, [...own, taken]);
    const seen = items.map(({ id }) => ({ request: id, seen: probeShowing('in_progress') }));
    const withSeen = { ...batch, grant: batch.grant && { ...batch.grant, items: seen } };
    const message = announcement(withSeen, 'scheduled', { ...english, items });
    const lines = linesOf(message);
    expect(lines.filter((line) => line.endsWith('In progress'))).toHaveLength(2);
    expect(lines.find((line) => line.includes('WKF1102'))).toContain('OTHER001');
    expect(lines.at(-1)).toContain('To be sent: ');
    expect(JSON.stringify(acceptedBlocks(message))).toContain('Take back');
  });

  it('one reason for all names all', () => {
    const refused = ended('refused', { kind: 'no_such_workflow', nearest: null });
    const { batch, items } = severalWith([refused], missing, missing);
    expect(text(privateOutcome(batch, { ...english, items }))).toContain(
      'Campaign has no workflow WKF1100 or WKF1101 in prod.',
    );
  });

  it('a stranger reads why, of what they typed', () => {
    const { batch, items } = severalWith(
      [ended('refused', { kind: 'each' })],
      forbidden('S0LEADS'),
      forbidden('S0OTHERS'),
    );
    const shown = text(
      privateOutcome(
        forRequester(batch, () => false),
        { ...english, items },
      ),
    );
    expect(shown).toContain('stop WKF1100');
    expect(shown).toContain('S0LEADS');
    expect(shown).not.toContain('S0OTHERS');
    expect(shown).not.toContain('WKF1101');
  });

  it('the notification of the end counts the outcomes', () => {
    const accepted = [...confirmed, ended('accepted', { kind: 'taken' })];
    const rejected = [...confirmed, ended('rejected', { kind: 'campaign', reason: 'other' })];
    const { batch, items } = severalWith([...approved, completed], accepted, rejected, accepted);
    expect(announcement(batch, 'completed', { ...english, items }).text).toMatch(/: 2× accepted · 1× rejected$/);
  });

  it('nobody is mentioned where all accepted ones are as asked, whatever is seen of an unknown one', () => {
    const accepted = [...confirmed, ended('accepted', { kind: 'taken' }), observedAs('finished')];
    const unknown = [...confirmed, ended('unknown', { kind: 'campaign', reason: 'timeout' }), observedAs(null)];
    const calm = severalWith([...approved, completed], accepted, unknown);
    expect(JSON.stringify(followUpReply(calm.batch, { ...english, items: calm.items }))).not.toContain('U0ALICE');
    const surprise = severalWith(
      [...approved, completed],
      [...confirmed, ended('accepted', { kind: 'taken' }), observedAs(null)],
    );
    expect(JSON.stringify(followUpReply(surprise.batch, { ...english, items: surprise.items }))).toContain('U0ALICE');
  });

  it('one that ended before the others is shown as that', () => {
    const expired = ended('expired', { kind: 'expired' });
    const superseded = ended('superseded', { kind: 'superseded', by: 'REQUEST9' });
    const { batch, items } = severalWith([...waiting, expired], [...waiting, superseded], [...waiting, expired]);
    const lines = linesOf(announcement(batch, 'expired', { ...english, items }));
    expect(lines.find((line) => line.startsWith('WKF1100'))).toContain('REQUEST9');
    expect(lines).toContain('WKF1101');
  });

  it('what ended before anything was sent names the workflows that were asked about', () => {
    const expired = ended('expired', { kind: 'expired' });
    const { batch, items } = severalWith([...waiting, expired], [...waiting, expired], [...waiting, expired], missing);
    const asked = items.slice(0, 2).map(({ id }) => ({ request: id, seen: null }));
    const ofTwo = { ...batch, grant: batch.grant && { ...batch.grant, items: asked } };
    const reply = outcomeReply(ofTwo, { ...english, items });
    expect(text(reply)).toContain('Stop WKF1100 and WKF1101 (prod, acme) · Expired.');
    expect(reply.text).toContain('Stop WKF1100 and WKF1101 (prod), asked by');
    expect(announcement(ofTwo, 'expired', { ...english, items }).text).toContain('Stop WKF1100 and WKF1101 (prod)');
    const refusal = { kind: 'too_late', state: 'expired' } as const;
    expect(text(pressRefused(ofTwo, refusal, { ...english, items }))).toContain('Stop 2 workflows (prod)');
  });

  it('says once that Campaign was not reached, and of each what is still being sent', () => {
    const again: Event = { type: 'not_reached', data: { reason: 'no_connection', retryAt: noon, answer: noAnswer } };
    const sent = [...confirmed, ended('accepted', { kind: 'taken' })];
    const { batch, items } = severalWith(approved, sent, [...confirmed, again], approved);
    const lines = linesOf(announcement(batch, 'retrying', { ...english, items }));
    expect(lines.filter((line) => line.includes('not reached'))).toHaveLength(1);
    expect(lines).toEqual(expect.arrayContaining(['WKF1101 · being sent', 'WKF1102 · being sent']));
  });

  it('why some were kept is told in the thread and on the announcement', () => {
    const press = { by: 'U0DAVE', interaction: 'press-2' };
    const kept = [...approved, ended('cancelled', { kind: 'decided', ...press })];
    const { batch, items } = severalWith(
      [
        ...approved,
        { type: 'pressed', data: { ...press, choice: 'cancel', reason: 'the audience is right' } },
        { type: 'partly_cancelled', data: press },
        completed,
      ],
      [...confirmed, ended('accepted', { kind: 'taken' })],
      kept,
    );
    const context = { ...english, items };
    const why = '@U0DAVE: the audience is right';
    expect(linesOf(outcomeReply(batch, context))).toContain(why);
    expect(linesOf(announcement(batch, 'completed', context))).toContain(why);
    expect(text(followUpReply(batch, context))).not.toContain('the audience is right');
    const late = { ...batch, decisionReason: batch.decisionReason && { ...batch.decisionReason, isLate: true } };
    expect(text(followUpReply(late, context))).toMatch(/@U0ALICE.*@U0DAVE says why: the audience is right$/);
  });

  it('the requester reads once that another command holds several of them', () => {
    const busy = (request: string) => [ended('refused', { kind: 'busy', request })];
    const { items } = severalWith(waiting, busy('ITEM0001'), busy('ITEM0002'), busy('REQUEST9'), waiting);
    const other = (id: string) => ({ ...requestWith(waiting), id, batch: 'BATCH009' });
    const refer = referTo('https://acme.slack.com/', ['ITEM0001', 'ITEM0002'].map(other));
    const lines = linesOf(renderMessage(itemRefusals({ ...english, items, refer })));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('WKF1100 and WKF1101 · ⛔');
    const stopped = (request: string, after: number) => [
      ended('refused', { kind: 'stopped_lately', request, until: noon + after }),
    ];
    const lately = severalWith(waiting, stopped('ITEM0001', 100), stopped('ITEM0002', 200), waiting);
    expect(linesOf(renderMessage(itemRefusals({ ...english, items: lately.items, refer })))).toHaveLength(1);
  });

  it('one that is asked about is shown as waiting, with the ID on which people decide', () => {
    const { items } = severalWith(waiting, waiting.slice(0, -1));
    const context: MessageContext = { ...english, refer: referTo(null, items) };
    const [item] = items;
    const lines = item === undefined ? [] : linesOf(renderMessage(historyEntry(item, context, noon)));
    expect(item?.state).toBe('announced');
    expect(lines[0]).toContain('✋');
    expect(lines[1]).toContain('REQUEST1');
    expect(lines.join(' ')).not.toContain('ITEM');
  });
});
