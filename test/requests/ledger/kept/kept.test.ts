import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import type { Emergency, Policy } from '../../../../src/access/policy.ts';
import { verify } from '../../../../src/requests/ledger/integrity.ts';
import { type Database, openLedger, openToRead } from '../../../../src/requests/ledger/open-ledger.ts';
import { announcementState, confirmers, type Request } from '../../../../src/requests/request.ts';
import { onServer } from '../../../postgres/new-database.ts';
import { endedAs } from '../../events.fixture.ts';
import { minutes, openScene, type Scene } from '../../scene/scene.fixture.ts';
import { newWorld } from '../../scene/world.fixture.ts';
import { engines, ledgerOptions, storeRequest, submission } from '../ledger.fixture.ts';
import { copyOfKept } from './open-kept.ts';
import { twoLeads } from './write-ledger.ts';

// Ledgers of earlier versions, as they were written by them.

const states = {
  ACCEPTED: 'accepted',
  ARCHVED0: 'accepted',
  ASKED000: 'awaiting_approval',
  CHANGED0: 'accepted',
  CVRAVS00: 'refused',
  DAVBTFVL: 'accepted',
  EXPRED00: 'expired',
  FRAZEN00: 'refused',
  FREEZE00: 'accepted',
  FREEZE01: 'accepted',
  HAFKEYS0: 'awaiting_approval',
  KEEPRVN0: 'cancelled',
  MAVED000: 'accepted',
  MAYBE000: 'unknown',
  NEVERSNT: 'not_sent',
  NEWEST00: 'submitted',
  REJECTED: 'rejected',
  RESTAKEN: 'accepted',
  RETRY000: 'accepted',
  SENDNG00: 'dispatching',
  STRANGER: 'refused',
  SVCCESSR: 'accepted',
  SVPERSED: 'superseded',
  THAWED00: 'accepted',
  THAWED01: 'refused',
  TWAKEYS0: 'accepted',
  VNPASTED: 'accepted',
  VNTHANKD: 'refused',
  WATCHED0: 'accepted',
};

/** The types of that time. */
const types = [
  ...['requested', 'granted', 'announcing', 'announced', 'not_posted', 'asked', 'pressed', 'press_refused'],
  ...['press_answered', 'confirmed', 'changed', 'approved', 'dispatching', 'not_reached', 'ended', 'reconciled'],
  ...['observed', 'reporting', 'reported', 'moved', 'notified', 'noting', 'noted', 'shown'],
];

/** The last process died at 15:50:03, and its leases have ended. */
const afterwards = Date.UTC(2026, 10, 10, 15, 51);

describe.each(engines)('a ledger of November 2026 (%s)', (engine) => {
  const copy = () => copyOfKept(engine, '2026-11');

  it('is migrated, and verifies', async () => {
    const database = await copy();
    await using opened = await openedLedger(database);
    expect(await verified({ ...opened, database })).toEqual({ requests: Object.keys(states).sort(), problems: [] });
  });

  it('has the events of all types, and each request in its state', async () => {
    await using opened = await openedLedger(await copy());
    const found = new Set<string>();
    for (const [id, state] of Object.entries(states)) {
      expect(await opened.ledger.load(id)).toMatchObject({ id, state });
      for (const { type } of await opened.ledger.events(id)) found.add(type);
    }
    expect(found).toEqual(new Set(types));
  });

  it('has what people wrote and decided, and what is in force', async () => {
    await using scene = await continued(await copy());
    const { ledger } = scene;
    expect(await scene.request('ACCEPTED')).toMatchObject({ order: { reason: 'Größe geprüft – los 🚀 “数据已就绪”' } });
    expect(await scene.request('STRANGER')).toMatchObject({ order: { reason: 'ça & <b>"là"</b>\n' } });
    expect(await scene.request('REJECTED')).toMatchObject({ order: { reason: '' } });
    expect(confirmers(await scene.request('TWAKEYS0'))).toEqual(['U0CAROL', 'U0DAVE']);
    expect(confirmers(await scene.request('CHANGED0'))).toEqual(['U0CAROL', 'U0DAVE']);
    expect(await scene.request('KEEPRVN0')).toMatchObject({ end: { because: { kind: 'decided', by: 'U0CAROL' } } });
    expect(await scene.request('MAVED000')).toMatchObject({ channel: 'C0MAVED', originalChannel: 'C0OPS' });
    expect(await ledger.lastFreeze('acme')).toBeNull();
    expect(await ledger.lastFreeze('acme-stage')).toMatchObject({
      id: 'FREEZE01',
      order: { reason: 'до понедельника' },
    });
  });

  it('goes on with the requests that are open', async () => {
    await using scene = await continued(await copy());
    expect(await scene.press('ASKED000', 'U0DAVE')).toMatchObject({ kind: 'recorded' });
    expect(await scene.press('HAFKEYS0', 'U0DAVE')).toMatchObject({ kind: 'recorded' });
    await scene.advanceTime(20 * minutes);
    for (const id of ['ASKED000', 'HAFKEYS0', 'NEWEST00']) {
      expect(await scene.request(id)).toMatchObject({ state: 'accepted', outcomePost: { done: { via: 'thread' } } });
    }
    expect(await scene.request('SENDNG00')).toMatchObject({ state: 'unknown', end: { because: { kind: 'crashed' } } });
    expect(scene.world.sent.map(({ workflowId }) => workflowId).sort()).toEqual(['WKF302', 'WKF303', 'WKF306']);
    const posted = scene.world.messages.filter(({ kind }) => kind === 'outcome').map(({ request }) => request);
    expect(posted.sort()).toEqual(['ASKED000', 'HAFKEYS0', 'NEWEST00', 'SENDNG00', 'VNPASTED']);
    const followUps = scene.world.messages.filter(({ kind }) => kind === 'follow_up').map(({ request }) => request);
    expect(followUps.sort()).toEqual(['ASKED000', 'HAFKEYS0', 'NEWEST00', 'VNPASTED', 'WATCHED0']);
    expect(await scene.ledger.nextDueAt()).toBeNull();
    expect((await verified(scene)).problems).toEqual([]);
  });

  it('has questions that ask nobody else by the rules of now, and of which an emergency can be declared', async () => {
    await using scene = await continued(await copy(), onDuty());
    await scene.advanceTime(2_000);
    expect(await scene.request('ASKED000')).toMatchObject({ isEmergencyOffered: false, escalation: { stages: [] } });
    const declared = await scene.press('ASKED000', 'U0EVE', 'emergency', { reason: 'it mails everybody' });
    expect(declared).toMatchObject({ kind: 'recorded' });
    await scene.advanceTime(1_000);
    await scene.press('ASKED000', 'U0CAROL', 'review', { reason: 'right so' });
    await scene.advanceTime(20 * minutes);
    expect(await scene.request('ASKED000')).toMatchObject({
      state: 'accepted',
      emergency: { by: 'U0EVE', reason: 'it mails everybody', review: { by: 'U0CAROL', comment: 'right so' } },
    });
    expect(await scene.request('HAFKEYS0')).toMatchObject({ state: 'expired', escalation: { stages: [] } });
    expect(scene.world.messages.filter(({ kind }) => kind === 'call')).toEqual([]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
    expect((await verified(scene)).problems).toEqual([]);
  });

  it('takes new commands, which its freeze holds', async () => {
    await using scene = await continued(await copy());
    const started = await scene.submit({ verb: 'start', workflowId: 'WKF400', reason: 'à présent' });
    const frozen = await scene.submit({ verb: 'start', organization: 'acme-stage', environment: 'stage' });
    await scene.advanceTime(minutes);
    expect(await scene.request(started)).toMatchObject({ state: 'accepted', order: { reason: 'à présent' } });
    const refusal = { reason: 'frozen', request: 'FREEZE01', because: 'до понедельника' };
    expect(await scene.request(frozen)).toMatchObject({ end: { because: { kind: 'access', refusal } } });
    expect((await verified(scene)).problems).toEqual([]);
  });

  it('has its reasons in full in its events, which nothing erases; new ones are beside them', async () => {
    await using opened = await openedLedger(await copy());
    const { ledger } = opened;
    const erasure = { by: 'U0DPO', because: 'the person asked for it' };
    expect(await ledger.eraseText('ACCEPTED', erasure)).toEqual({ kind: 'nothing_to_erase' });
    await storeRequest(ledger, submission('NEW00000', { reason: 'neu', workflowId: 'WKF500' }), endedAs('refused'));
    expect(await ledger.eraseText('NEW00000', erasure)).toMatchObject({ request: { order: { reason: null } } });
    expect(await ledger.load('ACCEPTED')).toMatchObject({ order: { reason: 'Größe geprüft – los 🚀 “数据已就绪”' } });
  });

  it('refuses changes of its events', async () => {
    const database = await copy();
    for (const change of ["update events set type = 'asked'", 'delete from events'])
      await expect(execute(database, change)).rejects.toThrow('the ledger is append-only');
  });
});

/** After a second others are asked as well, and Eve may declare an emergency. */
function onDuty(): Policy {
  const policy = twoLeads();
  const escalation = [{ afterMs: 1_000, to: { users: new Set(['U0BOB']), groups: new Set<string>() }, onCall: null }];
  const emergency: Emergency = {
    ...{ people: { users: new Set(['U0EVE']), groups: new Set() }, actions: new Set(['stop']), afterMs: 1_000 },
    reviewBy: { users: new Set(), groups: new Set(['S0LEADS']) },
  };
  return {
    ...policy,
    rules: policy.rules.map(({ approval, ...rule }) =>
      approval === null ? { ...rule, approval } : { ...rule, approval: { ...approval, escalation }, emergency },
    ),
  };
}

type Continued = Scene & { readonly database: Database };

/** Today's code, over the copy and a channel that shows the announcements of the open requests. */
async function continued(database: Database, policy = twoLeads()): Promise<Continued> {
  const world = newWorld();
  world.now = afterwards;
  for (const request of await openRequests(database)) {
    const { id, announcement } = request;
    const shows = announcementState(request);
    if (announcement.ts !== null)
      world.messages.push({ kind: 'announcement', request: id, ts: announcement.ts, shows });
  }
  return { ...(await openScene({ database, world, policy })), database };
}

async function openRequests(database: Database): Promise<readonly Request[]> {
  await using opened = await openedLedger(database);
  const requests = opened.ledger.openAtStart.map((id) => opened.ledger.load(id));
  return (await Promise.all(requests)).filter((request) => request !== null);
}

/** Without a runner, so that nothing changes. */
async function openedLedger(database: Database) {
  const ledger = await openLedger(ledgerOptions(database, () => afterwards));
  return { ledger, [Symbol.asyncDispose]: () => ledger.close() };
}

async function verified({ database, ledger }: Pick<Continued, 'database' | 'ledger'>) {
  while ((await ledger.seal()).kind === 'sealed');
  const engine = openToRead(database);
  try {
    const all = await Array.fromAsync(verify(engine, null));
    return { requests: all.map(({ request }) => request), problems: all.filter(({ problems }) => problems.length > 0) };
  } finally {
    await engine.close();
  }
}

async function execute(database: Database, sql: string): Promise<void> {
  if (database.kind === 'postgres') {
    await onServer(`${database.url}?options=-c%20search_path%3Dcampaign_wf`, sql);
    return;
  }
  using file = new DatabaseSync(database.path);
  file.exec(sql);
}
