import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import type { EventType } from '../../src/requests/events.ts';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { policyWith, worldOnDuty } from '../requests/escalating.fixture.ts';
import { type EngineName, engines } from '../requests/ledger/ledger.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { minutes, openScene, type Scene } from '../requests/scene/scene.fixture.ts';
import { auditHere } from './run-audit.ts';

// What an auditor finds a year later of what happened while people slept.

const people = (...users: string[]) => ({ users: new Set(users), groups: new Set<string>() });

/** Leads, and then whoever is on duty, confirm a stop; after two minutes Eve may declare an emergency, which Bob reviews. */
function rules(prefix = ''): Policy {
  const policy = policyWith();
  const emergency = {
    ...{ people: people('U0EVE'), actions: new Set(['stop'] as const), afterMs: 2 * minutes },
    reviewBy: people('U0BOB'),
  };
  return {
    ...policy,
    rules: policy.rules.map((rule) => ({
      ...rule,
      name: `${prefix}${rule.name}`,
      ...(rule.approval !== null && { emergency }),
    })),
  };
}

type Night = { readonly scene: Scene; readonly database: Database } & Readonly<
  Record<'escalated' | 'declared' | 'later' | 'pause' | 'watch' | 'muted' | 'refused', string>
>;

async function sleep(engine: EngineName): Promise<Night & AsyncDisposable> {
  const database: Database =
    engine === 'sqlite' ? { kind: 'sqlite', path: newLedgerPath() } : { kind: 'postgres', url: await newDatabase() };
  const scene = await openScene({ database, world: worldOnDuty(), policy: rules() });
  const ask = async (...asked: Parameters<Scene['submit']>) => {
    const id = await scene.submit(...asked);
    await scene.advanceTime(1_000);
    return id;
  };
  const press = async (...pressed: Parameters<Scene['press']>) => {
    await scene.press(...pressed);
    await scene.advanceTime(1_000);
  };
  const escalated = await ask({ workflowId: 'WKF1' });
  await scene.advanceTime(5 * minutes);
  await press(escalated, 'U0DAN');
  const declared = await ask({ workflowId: 'WKF2' });
  await scene.advanceTime(2 * minutes);
  await press(declared, 'U0EVE', 'emergency', { reason: 'it mails everybody' });
  await press(declared, 'U0EVE', 'review', { reason: 'my own' });
  await press(declared, 'U0BOB', 'review', { reason: 'right so' });
  const later = await ask({
    ...{ verb: 'start', workflowId: 'WKF3' },
    due: { kind: 'in', ms: 30 * minutes, typed: 'in 30m' },
  });
  const pause = await ask({
    ...{ verb: 'pause', workflowId: 'WKF4', reason: 'Ms Miller is on holiday' },
    resumes: { kind: 'in', ms: 60 * minutes, typed: 'for 1h' },
  });
  const watch = await ask({ verb: 'watch', workflowId: 'WKF5', reason: '' }, 'U0BOB');
  const mute = { verb: 'mute', workflowId: 'WKF5', reason: '', until: scene.world.now + 240 * minutes } as const;
  scene.world.people.set('U0GINA', { membership: 'guest', groups: new Set() });
  const refused = await ask(mute, 'U0GINA');
  const muted = await ask(mute, 'U0BOB');
  scene.setPolicy(rules('New: '));
  await scene.advanceTime(90 * minutes);
  while ((await scene.ledger.seal()).kind === 'sealed');
  return {
    ...{ scene, database, escalated, declared, later, pause, watch, muted, refused },
    [Symbol.asyncDispose]: scene[Symbol.asyncDispose],
  };
}

const types: readonly EventType[] = [
  ...(['reminded', 'escalated', 'paging', 'paged', 'calling', 'called', 'emergency_offered'] as const),
  ...(['emergency_telling', 'emergency_told', 'emergency_listed', 'reviewed', 'scheduled'] as const),
];

describe.each(engines)('the record of a night (%s)', (engine) => {
  it('tells who was asked, who decided by which right, and by what a command for later was judged', async () => {
    await using night = await sleep(engine);
    const { scene, database, escalated, declared, later, pause, watch } = night;
    const ids = [escalated, declared, later, pause, watch];
    const events = await Promise.all(ids.map((id) => scene.ledger.events(id)));
    const recorded = new Set(events.flat().map(({ type }) => type));
    expect(types.filter((type) => !recorded.has(type))).toEqual([]);
    const show = async (id: string) => (await auditHere(database, ['show', id])).stdout;

    expect(await auditHere(database, ['verify'])).toMatchObject({ code: 0 });
    const ofEscalated = await show(escalated);
    expect(ofEscalated).toContain('The time of reminder 1 has come.');
    expect(ofEscalated).toContain('Stage 1 of the escalation asks S0DUTY, who may confirm from now on.');
    expect(ofEscalated).toContain('A direct message was sent to U0DAN and U0FAY.');
    expect(ofEscalated).toContain(
      'With the confirmation by U0DAN it is carried out. Asked by stage 1 of the escalation.',
    );

    const [head = '', ofDeclared = ''] = (await show(declared)).split('\n\n');
    expect(head).toMatch(/Emergency.*U0EVE.*it mails everybody.*U0BOB.*right so/);
    expect(head).not.toContain('Confirmed by');
    expect(ofDeclared).toContain(
      'With the emergency that U0EVE declared it is carried out, without the confirmations.',
    );
    expect(ofDeclared).toContain(
      'By the rule “CAMPAIGN_WF_USERS, stop” it can be declared by U0EVE and reviewed by U0BOB.',
    );
    expect(ofDeclared).toContain('A decision of U0EVE did not count');
    expect(ofDeclared).toContain('U0BOB has reviewed the emergency.');
    expect(ofDeclared).toContain('Comment: right so');

    const ofLater = await show(later);
    expect(ofLater).toContain('Everything is decided; it waits for its time.');
    expect(ofLater).toContain('Its time has come, and it is carried out.');
    expect(ofLater).not.toContain('It needs no confirmation and is carried out.');
    expect(ofLater).toMatch(/Campaign \(attempt 1\)\. Judged by the rule “New: .+”\./);
    expect(await show(watch)).toContain('It takes effect; nothing is sent to Campaign.');

    const { code, stdout } = await auditHere(database, ['export', '--format', 'jsonl']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const rowOf = (id: string) => rows.find((row) => row.id === id);
    expect(code).toBe(0);
    const rule = 'CAMPAIGN_WF_USERS, stop';
    expect(rowOf(escalated)).toMatchObject({
      ...{ confirmed_by: ['U0DAN'], confirmed_stage: ['1'], confirmed_rule: [rule], sent_rule: rule },
      ...{ escalated_to: ['S0DUTY'], approvers_reminded_at: [expect.any(String)] },
    });
    expect(rowOf(declared)).toMatchObject({
      ...{ emergency_by: 'U0EVE', emergency_reason: 'it mails everybody', emergency_rule: rule, confirmed_by: [] },
      ...{ reviewed_by: 'U0BOB', review_comment: 'right so' },
    });
    expect(rowOf(later)).toMatchObject({ sent_rule: expect.stringMatching(/^New: /), outcome: 'accepted' });
    const resume = rows.find((row) => row.ends_pause === pause);
    expect(resume).toMatchObject({ verb: 'resume', requester: 'U0ALICE', outcome: 'accepted' });
    expect(await show(resume.id)).toContain(`\nTo end the pause ${pause}.\n`);

    const reviewed = events.flat().find(({ type }) => type === 'reviewed');
    expect((await auditHere(database, ['find', `${reviewed?.digest.slice(0, 12)}`])).stdout).toContain(
      `Request ${declared}, event ${reviewed?.sequence}: reviewed`,
    );
  });

  it('tells who muted an alert, when, until when, by which rule, and who was not let', async () => {
    await using night = await sleep(engine);
    const { scene, database, muted, refused } = night;
    const show = async (id: string) => (await auditHere(database, ['show', id])).stdout;
    const { order, grant } = await scene.request(muted);
    const until = new Date(order.until ?? 0).toISOString();
    const shown = await show(muted);
    expect(shown).toContain('Mute WKF5 (prod)');
    expect(shown).toContain(`The rule “${grant?.rule}” permits it`);
    expect(shown).toMatch(/It takes effect; nothing is sent to Campaign\.[\s\S]+Muted until \S+.* by U0BOB/);
    expect(shown).not.toContain('announcement');
    expect(await show(refused)).toMatch(/U0GINA[\s\S]+Refused\. .*Guests/);

    const { stdout } = await auditHere(database, ['export', '--format', 'jsonl', '--verb', 'mute']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { id: refused, requester: 'U0GINA', outcome: 'refused', because: 'access:guest', rule: null },
      {
        ...{ id: muted, requester: 'U0BOB', workflow: 'WKF5', outcome: 'accepted', rule: grant?.rule },
        ...{ sent_rule: grant?.rule, muted_until: until, freeze_until: null, announcement_ts: null },
      },
    ]);
    for (const id of [muted, refused]) {
      const ended = (await scene.ledger.events(id)).find(({ type }) => type === 'ended');
      expect((await auditHere(database, ['find', `${ended?.digest.slice(0, 12)}`])).stdout).toContain(
        `Request ${id}, event ${ended?.sequence}: ended`,
      );
      expect(await auditHere(database, ['prove', id])).toMatchObject({ code: 0 });
    }
    expect(await auditHere(database, ['verify'])).toMatchObject({ code: 0 });
  });

  it('keeps none of what people wrote once that is erased, and still verifies', async () => {
    await using night = await sleep(engine);
    const { scene, database, declared, pause } = night;
    const erasure = { by: 'dpo', because: 'on demand' };
    expect(await scene.ledger.eraseText(declared, erasure)).toMatchObject({ kind: 'erased' });
    const erased = await scene.ledger.eraseText(pause, erasure);
    const quotedBy = erased.kind === 'erased' ? erased.quotedBy : [];
    expect(quotedBy).toHaveLength(1);
    for (const id of quotedBy) expect(await scene.ledger.eraseText(id, erasure)).toMatchObject({ kind: 'erased' });
    while ((await scene.ledger.seal()).kind === 'sealed');
    const shown = await Promise.all(
      [declared, pause, ...quotedBy].map(async (id) => (await auditHere(database, ['show', id])).stdout),
    );
    const exported = (await auditHere(database, ['export'])).stdout;
    expect([...shown, exported].join('\n')).not.toMatch(/mails everybody|right so|my own|Miller/);
    expect(shown.join('\n')).toContain('(erased)');
    expect(await auditHere(database, ['verify'])).toMatchObject({ code: 0 });
  });
});
