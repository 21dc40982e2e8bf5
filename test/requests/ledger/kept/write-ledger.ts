import type { Approval, Policy } from '../../../../src/access/policy.ts';
import type { Order, ProbeResult, RecordedWorkflowState } from '../../../../src/requests/events.ts';
import type { Database } from '../../../../src/requests/ledger/open-ledger.ts';
import type { ChannelStatus } from '../../../../src/requests/ports.ts';
import { followChannel } from '../../../../src/requests/recovery/moved-channel.ts';
import { recordRefusedQuery } from '../../../../src/requests/refuse-reading.ts';
import { noAnswer, orderOf, requestedBy } from '../../events.fixture.ts';
import { lists, minutes, neverAborted, openScene, policyOf, type Scene } from '../../scene/scene.fixture.ts';
import { finished, newWorld, unknown, type World } from '../../scene/world.fixture.ts';

// The requests of a ledger that is kept: the real ledger and the real runner, over fakes of Slack and Campaign.

/** Stops need two leads. */
export function twoLeads(): Policy {
  const approval: Approval = {
    from: { users: new Set(), groups: new Set(['S0LEADS']) },
    count: 2,
    requesterMayApprove: false,
    withinMs: 15 * minutes,
  };
  const policy = policyOf(lists);
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, approval: rule.approval && approval })) };
}

/**
 * Writes a ledger into this empty database, in three processes' lives. Resolves in the middle of a dispatch, with leases
 * that are held: the caller must end the process, as if it had been killed.
 */
export async function writeLedger(database: Database): Promise<void> {
  const world = newWorld();
  await firstLife(database, world);
  await secondLife(database, world);
  await lastLife(database, world);
}

async function submit(scene: Scene, id: string, order: Partial<Order> = {}, requester = 'U0ALICE'): Promise<void> {
  const requested = requestedBy(orderOf(order), { requester, interaction: `typed-${id}` });
  await scene.ledger.submit({ id, requested }, neverAborted);
  await scene.untilIdle();
}

async function press(scene: Scene, id: string, ...people: readonly string[]): Promise<void> {
  for (const by of people) {
    await scene.press(id, by);
    await scene.untilIdle();
  }
}

const seen = (reading: RecordedWorkflowState): ProbeResult => {
  return { kind: 'seen', reading, field: 'logicalStatus', raw: reading };
};

/** Each request gets its outcome, except two questions. */
async function firstLife(database: Database, world: World): Promise<void> {
  await using scene = await openScene({ database, world, policy: twoLeads() });
  await sentAndAnswered(scene);
  await notSent(scene);
  await decidedByPeople(scene);
  await troubleInSlack(scene);
  await freezes(scene);
  await submit(scene, 'RESTAKEN', { workflowId: 'WKF200', reason: 'the mailing goes to the wrong list' });
}

async function sentAndAnswered(scene: Scene): Promise<void> {
  const { answers } = scene.world;
  answers.observe.push(finished);
  await submit(scene, 'ACCEPTED', {
    verb: 'start',
    alias: 'newsletter',
    reason: 'Größe geprüft – los 🚀 “数据已就绪”',
  });
  await scene.advanceTime(30 * minutes);
  const answer = { status: 400, text: '{"error":"état inattendu"}', adobeRequestId: 'adobe-1' };
  answers.send.push({ kind: 'rejected', reason: 'bad_request', answer });
  await submit(scene, 'REJECTED', { verb: 'resume', workflowId: 'WKF111', reason: '' });
  answers.send.push(unknown);
  answers.observe.push({ kind: 'failed', reason: 'timeout' });
  await submit(scene, 'MAYBE000', { verb: 'pause', workflowId: 'WKF112', reason: 'zbyt wcześnie' }, 'U0BOB');
  const busy = { status: 503, text: 'no', adobeRequestId: 'adobe-2' };
  answers.send.push({ kind: 'not_reached', reason: 'gateway_unavailable', retryAfterMs: 5_000, answer: busy });
  await submit(scene, 'RETRY000', { verb: 'start', workflowId: 'WKF113' });
  await scene.advanceTime(20 * minutes);
}

async function notSent(scene: Scene): Promise<void> {
  await submit(scene, 'STRANGER', { verb: 'start', reason: 'ça & <b>"là"</b>\n' }, 'U0EVE');
  const requested = requestedBy(orderOf({ verb: 'history', reason: '' }), {
    requester: 'U0EVE',
    interaction: 'typed-CVRAVS00',
  });
  await recordRefusedQuery(scene.ledger, { id: 'CVRAVS00', requested }, { reason: 'not_permitted' }, neverAborted);
  scene.world.answers.prepare.push({ kind: 'no_token', reason: 'ims_unreachable', answer: noAnswer });
  await submit(scene, 'NEVERSNT', { verb: 'pause', workflowId: 'WKF114' });
  await submit(scene, 'EXPRED00', { workflowId: 'WKF115' });
  await scene.advanceTime(20 * minutes);
  await submit(scene, 'SVPERSED', { workflowId: 'WKF116', reason: 'first' });
  await submit(scene, 'SVCCESSR', { workflowId: 'WKF116', reason: 'second' }, 'U0BOB');
  await press(scene, 'SVCCESSR', 'U0CAROL', 'U0DAVE');
  await scene.advanceTime(20 * minutes);
}

async function decidedByPeople(scene: Scene): Promise<void> {
  await submit(scene, 'TWAKEYS0', { workflowId: 'WKF117', reason: 'mauvaise audience' });
  await press(scene, 'TWAKEYS0', 'U0EVE', 'U0CAROL', 'U0CAROL', 'U0DAVE');
  await submit(scene, 'KEEPRVN0', { workflowId: 'WKF118' });
  await scene.press('KEEPRVN0', 'U0CAROL', 'cancel');
  await scene.untilIdle();
  scene.world.answers.probe.push(seen('in_progress'), seen('in_progress'), seen('erroneous'), seen('erroneous'));
  await submit(scene, 'CHANGED0', { workflowId: 'WKF119' });
  await press(scene, 'CHANGED0', 'U0CAROL', 'U0DAVE', 'U0CAROL');
  scene.world.answers.probe.push(seen('erroneous'));
  await press(scene, 'CHANGED0', 'U0DAVE');
  await scene.advanceTime(20 * minutes);
}

async function troubleInSlack(scene: Scene): Promise<void> {
  const { answers } = scene.world;
  answers.announce.push({ kind: 'doubt' });
  answers.postOutcome.push(...Array.from({ length: 22 }, () => ({ kind: 'doubt' as const })));
  await submit(scene, 'DAVBTFVL', { verb: 'pause', workflowId: 'WKF120' });
  await scene.advanceTime(60 * minutes);
  answers.postOutcome.push({ kind: 'refused', reason: 'channel_archived' });
  await submit(scene, 'ARCHVED0', { verb: 'pause', workflowId: 'WKF121' });
  await submit(scene, 'MAVED000', { workflowId: 'WKF122' });
  const channelStatus = async (id: string): Promise<ChannelStatus> =>
    id === 'C0OPS' ? { kind: 'moved', to: 'C0MAVED' } : { kind: 'same' };
  const directory = { ...scene.ports.directory, channelStatus };
  await followChannel(await scene.request('MAVED000'), { ledger: scene.ledger, directory });
  for (const by of ['U0CAROL', 'U0DAVE']) {
    await scene.press('MAVED000', by, 'approve', { channel: 'C0MAVED' });
    await scene.untilIdle();
  }
  await scene.advanceTime(20 * minutes);
}

async function freezes(scene: Scene): Promise<void> {
  const until = scene.world.now + 300 * minutes;
  await submit(scene, 'FREEZE00', { verb: 'freeze', workflowId: '*', until, reason: 'Wartung läuft' }, 'U0BOB');
  await submit(scene, 'FRAZEN00', { verb: 'start', workflowId: 'WKF123' });
  await scene.advanceTime(1_000);
  await submit(scene, 'THAWED00', { verb: 'unfreeze', workflowId: '*', reason: '' }, 'U0BOB');
  await scene.advanceTime(1_000);
  await submit(scene, 'THAWED01', { verb: 'unfreeze', workflowId: '*', reason: '' }, 'U0BOB');
  const stage = { workflowId: '*', organization: 'acme-stage', environment: 'stage' };
  await submit(scene, 'FREEZE01', { verb: 'freeze', ...stage, until: until * 2, reason: 'до понедельника' });
  await scene.advanceTime(20 * minutes);
}

/** The channel shows the outcome of a request that the ledger has as a question, as if it had been restored. */
async function secondLife(database: Database, world: World): Promise<void> {
  world.messages.push({ kind: 'outcome', request: 'RESTAKEN', ts: '900.0', shows: 'accepted' });
  await using scene = await openScene({ database, world, policy: twoLeads() });
  await press(scene, 'RESTAKEN', 'U0CAROL');
  await scene.advanceTime(20 * minutes);
}

/** What is open when the process dies. */
async function lastLife(database: Database, world: World): Promise<void> {
  const scene = await openScene({ database, world, policy: twoLeads() });
  await submit(scene, 'WATCHED0', { verb: 'start', workflowId: 'WKF300', reason: 'weiter geht’s' });
  world.outage = { kind: 'refused', reason: 'unreachable' };
  await submit(scene, 'VNTHANKD', { verb: 'start', workflowId: 'WKF301' }, 'U0EVE');
  world.outage = null;
  await scene.advanceTime(1_000);
  await submit(scene, 'ASKED000', { workflowId: 'WKF302', reason: 'falsche Zielgruppe' });
  await submit(scene, 'HAFKEYS0', { workflowId: 'WKF303' });
  await press(scene, 'HAFKEYS0', 'U0CAROL');
  world.answers.postOutcome.push({ kind: 'doubt' }, { kind: 'doubt' });
  await submit(scene, 'VNPASTED', { verb: 'pause', workflowId: 'WKF304', reason: 'ещё не готово' });
  const sending = scene.gate('send');
  const requested = requestedBy(orderOf({ verb: 'pause', workflowId: 'WKF305' }), { interaction: 'typed-SENDNG00' });
  await scene.ledger.submit({ id: 'SENDNG00', requested }, neverAborted);
  scene.wake();
  await sending.reached;
  await scene.suspend();
  await scene.press('ASKED000', 'U0CAROL');
  const newest = requestedBy(orderOf({ verb: 'start', workflowId: 'WKF306' }), { interaction: 'typed-NEWEST00' });
  await scene.ledger.submit({ id: 'NEWEST00', requested: newest }, neverAborted);
}
