import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../../src/access/policy.ts';
import { simplePolicy } from '../../../src/access/simple-policy.ts';
import type { Event, ProbeResult } from '../../../src/requests/events.ts';
import type { Request } from '../../../src/requests/request.ts';
import { leavePaused, resumePaused } from '../../../src/slack/listeners/answer-pause.ts';
import { pauseReminder } from '../../../src/slack/messages/pause-reminder.ts';
import { endedAs, noon, samples } from '../../requests/events.fixture.ts';
import { append } from '../../requests/ledger/ledger.fixture.ts';
import { lists } from '../../requests/scene/scene.fixture.ts';
import { linesOf } from '../shown-text.ts';
import { type ButtonPress, type Harness, openHarness, pressOn } from './harness.fixture.ts';

const policy = simplePolicy(lists, 'prod');
const paused: ProbeResult = { kind: 'seen', reading: 'warning', field: 'logicalStatus', raw: 'warning' };
const endsAt = noon + 7 * 24 * 3_600_000;

/** A pause whose reminder is posted at `1.4`. */
async function remindedPause(harness: Harness, seen: ProbeResult = paused): Promise<Request> {
  const [id = ''] = (await harness.type('U0ALICE', 'pause WKF110 wrong audience')).join(' ').match(/[0-9A-Z]{8}/) ?? [];
  const request = await harness.ledger.load(id);
  if (request === null) throw new Error('it is not recorded');
  const { granted, announcing, announced, approved, dispatching, pause_reminded: posted } = samples;
  const ended: Event = { type: 'ended', data: { ...endedAs('accepted').data, pauseEndsAt: endsAt } };
  const reminding: Event = {
    type: 'pause_reminding',
    data: { attempt: 1, endsAt, items: [{ request: request.id, seen }] },
  };
  const way = [granted, announcing, announced, approved, dispatching, ended, reminding, posted];
  return (await append(harness.ledger, request, ...way)) ?? request;
}

const pressed = (listener: typeof leavePaused, request: string, harness: Harness, press: ButtonPress = {}) =>
  pressOn(listener, request, harness, { ts: '1.4', ...press });

async function loaded({ ledger }: Harness, id: string): Promise<Request> {
  const request = await ledger.load(id);
  if (request === null) throw new Error('it is not recorded');
  return request;
}

describe('the reminder of a pause', () => {
  it('mentions whom it concerns, and says since when, what is shown, and what Campaign will do', async () => {
    await using harness = await openHarness(policy);
    const request = await remindedPause(harness);
    const message = pauseReminder(request, harness.ports.plainContext);
    const text = linesOf(message).join('\n');
    for (const part of ['@U0ALICE', 'WKF110', 'paused since', 'paused or unfinished', 'Campaign itself stops'])
      expect(text).toContain(part);
    const actions = message.blocks.find(({ type }) => type === 'actions');
    expect(actions).toMatchObject({
      elements: [
        { action_id: 'resume_paused', value: request.id, text: { text: 'Resume workflow' } },
        { action_id: 'leave_paused', value: request.id, text: { text: 'Leave it' } },
      ],
    });
  });

  it.each([
    ['Campaign does not show the state of', { kind: 'not_shown' }],
    ['could not be read', { kind: 'failed', reason: 'timeout' }],
  ] as const)('says that “%s …”', async (words, seen) => {
    await using harness = await openHarness(policy);
    const request = await remindedPause(harness, seen);
    expect(linesOf(pauseReminder(request, harness.ports.plainContext)).join('\n')).toContain(words);
  });
});

describe('Leave it', () => {
  it('is recorded with who pressed, once, and leaves Resume in the reminder', async () => {
    await using harness = await openHarness(policy);
    const { id } = await remindedPause(harness);
    expect(await pressed(leavePaused, id, harness, { by: 'U0BOB' })).toBe('');
    expect(await pressed(leavePaused, id, harness)).toBe('@U0BOB leaves it paused.');
    const request = await loaded(harness, id);
    expect(request.pauseReminder.answer).toMatchObject({ choice: 'leave', by: 'U0BOB' });
    const message = pauseReminder(request, harness.ports.plainContext);
    expect(linesOf(message).join('\n')).toContain('@U0BOB leaves it paused.');
    expect(JSON.stringify(message.blocks)).toContain('resume_paused');
    expect(JSON.stringify(message.blocks)).not.toContain('leave_paused');
  });

  it.each([
    ['somebody whom no rule names', 'U0PAT'],
    ['a guest', 'U0GINA'],
  ])('is refused to %s', async (_, by) => {
    await using harness = await openHarness(policy);
    const { id } = await remindedPause(harness);
    expect(await pressed(leavePaused, id, harness, { by })).not.toBe('');
    expect((await loaded(harness, id)).pauseReminder.answer).toBeNull();
  });

  it('needs no reason and no approver, and no freeze stands against it', async () => {
    const [rule] = policy.rules;
    if (rule === undefined) throw new Error('there is no rule');
    const strict: Policy = {
      ...policy,
      rules: [{ ...rule, actions: new Set(['resume']), reasonRequired: true }],
      freezes: [
        {
          environments: new Set(['prod']),
          verbs: new Set(['resume']),
          because: 'a launch',
          time: { kind: 'period', from: 0, until: endsAt },
        },
      ],
    };
    await using harness = await openHarness(policy);
    const { id } = await remindedPause(harness);
    const frozen = {
      ...harness,
      ports: { ...harness.ports, policy: () => strict },
    };
    expect(await pressed(leavePaused, id, frozen, { by: 'U0BOB' })).toBe('');
    expect((await loaded(harness, id)).pauseReminder.answer?.by).toBe('U0BOB');
  });

  it('is answered where there is no such reminder', async () => {
    await using harness = await openHarness(policy);
    const { id } = await remindedPause(harness);
    for (const answer of [leavePaused, resumePaused]) {
      expect(await pressed(answer, 'NOREQ000', harness)).toContain('There is no request');
      expect(await pressed(answer, id, harness, { channel: 'C0MKT', ts: '9.9' })).toContain('There is no request');
    }
    expect((await loaded(harness, id)).pauseReminder.answer).toBeNull();
  });
});

it('Resume asks for a resume as if it was typed, once for several clicks, with the reason of the pause', async () => {
  await using harness = await openHarness(policy);
  const { id } = await remindedPause(harness);
  await Promise.all([pressed(resumePaused, id, harness), pressed(resumePaused, id, harness)]);
  const found = await harness.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 });
  const resumes = found.filter(({ order }) => order.verb === 'resume');
  expect(resumes.map(({ requester, order }) => [requester, order.workflowId, order.reason, order.after])).toEqual([
    ['U0ALICE', 'WKF110', 'wrong audience', id],
  ]);
});
