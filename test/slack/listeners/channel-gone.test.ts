import { expect, it } from '@jest/globals';
import type { Event } from '../../../src/requests/events.ts';
import { pressElsewhere } from '../../../src/slack/listeners/recording.ts';
import { policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { samples } from '../../requests/events.fixture.ts';
import { storeRequest, submission } from '../../requests/ledger/ledger.fixture.ts';
import { underWay } from '../../requests/request.fixture.ts';
import { openDesk } from './desk.fixture.ts';

const asked: readonly Event[] = [samples.granted, samples.announced];
const sending: readonly Event[] = [...underWay, { type: 'dispatching', data: { attempt: 1 } }];

it.each([
  ['by a button of its own announcement', asked, 'own', 'not_sent'],
  ['by a button of another message', asked, '9.9', 'announced'],
  ['by a command', asked, null, 'announced'],
  ['by a button of its own announcement, while it is being sent', sending, 'own', 'dispatching'],
] as const)(
  'a decision from elsewhere, where Slack does not show the channel of the request: %s',
  async (_, events, button, state) => {
    await using desk = await openDesk(policyOf([ruleOf('Operators')]));
    const request = await storeRequest(desk.ledger, submission('REQUEST1'), ...events);
    desk.slack.fail('conversations.info', { kind: 'error', error: 'channel_not_found' }, { times: 9 });
    const messageTs = button === 'own' ? request.announcement.ts : button;
    const { person: by, team: from, ...where } = desk.asking('U0CAROL', 'C0OTHER');
    const decided = { by, from, ...where, request: 'REQUEST1', choice: 'cancel', messageTs } as const;
    expect(await pressElsewhere(decided, request, desk.ports)).toBe('channel_gone');
    expect(await desk.ledger.load('REQUEST1')).toMatchObject({ state });
  },
);
