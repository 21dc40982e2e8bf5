import { expect, it } from '@jest/globals';
import type { Event } from '../../../src/requests/events.ts';
import { pressElsewhere } from '../../../src/slack/listeners/recording.ts';
import { policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { samples } from '../../requests/events.fixture.ts';
import { storeRequest, submission } from '../../requests/ledger/ledger.fixture.ts';
import { underWay } from '../../requests/request.fixture.ts';
import { openHarness } from './harness.fixture.ts';

const announced: readonly Event[] = [samples.granted, samples.announced];
const dispatching: readonly Event[] = [...underWay, { type: 'dispatching', data: { attempt: 1 } }];

it.each([
  ['by a button of its own announcement', announced, 'own', 'not_sent'],
  ['by a button of another message', announced, '9.9', 'announced'],
  ['by a command', announced, null, 'announced'],
  ['by a button of its own announcement, during dispatch', dispatching, 'own', 'dispatching'],
] as const)(
  'a decision from another channel, where the request’s channel is not visible: %s',
  async (_, events, button, state) => {
    await using harness = await openHarness(policyOf([ruleOf('Operators')]));
    const request = await storeRequest(harness.ledger, submission('REQUEST1'), ...events);
    harness.slack.fail('conversations.info', { kind: 'error', error: 'channel_not_found' }, { times: 9 });
    const messageTs = button === 'own' ? request.announcement.ts : button;
    const { person: by, team: from, ...where } = harness.invocation('U0CAROL', 'C0OTHER');
    const decided = { by, from, ...where, request: 'REQUEST1', choice: 'cancel', messageTs } as const;
    expect(await pressElsewhere(decided, request, harness.ports)).toBe('channel_gone');
    expect(await harness.ledger.load('REQUEST1')).toMatchObject({ state });
  },
);
