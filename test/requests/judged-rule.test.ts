import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import { rowOf } from '../../src/audit/export/row.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { lists, minutes, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

/** The same rules, each by another name. @param count how many have to confirm */
function renamed(name: string, count = 1): Policy {
  const policy = policyOf(lists);
  return {
    ...policy,
    rules: policy.rules.map((rule) => ({
      ...rule,
      name: `${name}: ${rule.name}`,
      approval: rule.approval && { ...rule.approval, count },
    })),
  };
}

/** The same, and every command needs the confirmation of a stop. */
function careful(name: string): Policy {
  const policy = renamed(name);
  const [approval = null] = policy.rules.flatMap((rule) => rule.approval ?? []);
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, approval })) };
}

const stops = 'CAMPAIGN_WF_USERS, stop';

async function asked(scene: Scene): Promise<string> {
  const id = await scene.submit();
  await scene.untilIdle();
  return id;
}

async function confirmed(scene: Scene, id: string, by: string): Promise<void> {
  await scene.press(id, by);
  await scene.untilIdle();
}

const rulesOf = async (scene: Scene, id: string) => {
  const { events } = scene;
  return {
    granted: (await events(id, 'granted')).map(({ data }) => data.rule),
    confirmed: (await events(id, 'confirmed')).map(({ data }) => data.rule),
    approved: (await events(id, 'approved')).map(({ data }) => data.rule),
    sent: (await events(id, 'dispatching')).map(({ data }) => data.rule),
  };
};

const row = async (scene: Scene, id: string) =>
  rowOf(await scene.request(id), await scene.ledger.events(id), translatorFor('en'));

describe('a review', () => {
  const people = (...users: string[]) => ({ users: new Set(users), groups: new Set<string>() });
  const reviewedBy = (...reviewers: string[]): Policy => {
    const policy = policyOf(lists);
    const emergency = {
      ...{ people: people('U0EVE'), actions: new Set(['stop'] as const), afterMs: minutes },
      reviewBy: people(...reviewers),
    };
    return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, ...(rule.approval && { emergency }) })) };
  };

  it.each([
    ['has those whom the rule names by then', 'U0DAVE', [{ reviewBy: { users: ['U0DAVE'], groups: [] } }]],
    ['has nothing of them where they are the same', 'U0BOB', [{}]],
  ])('%s', async (_, reviewer, expected) => {
    await using scene = await openScene({ policy: reviewedBy('U0BOB') });
    const id = await asked(scene);
    await scene.advanceTime(minutes);
    await scene.press(id, 'U0EVE', 'emergency', { reason: 'fire' });
    await scene.untilIdle();
    scene.setPolicy(reviewedBy(reviewer));
    await scene.press(id, reviewer, 'review', { reason: 'right so' });
    await scene.untilIdle();
    const reviewed = (await scene.events(id, 'reviewed')).map(
      ({ data: { by: __, interaction: ___, ...rest } }) => rest,
    );
    expect(reviewed).toEqual(expected);
    expect((await scene.request(id)).emergency?.review).toMatchObject({ by: reviewer, comment: 'right so' });
  });
});

describe('the rule by which something is judged', () => {
  it('is recorded with a confirmation, and when it is sent, where it is not that of the grant', async () => {
    await using scene = await openScene({ policy: renamed('A', 2) });
    const id = await asked(scene);
    await confirmed(scene, id, 'U0CAROL');
    scene.setPolicy(renamed('B', 2));
    await confirmed(scene, id, 'U0DAVE');
    expect(await rulesOf(scene, id)).toEqual({
      granted: [`A: ${stops}`],
      confirmed: [undefined],
      approved: [`B: ${stops}`],
      sent: [`B: ${stops}`],
    });
    expect(await row(scene, id)).toMatchObject({
      confirmed_by: ['U0CAROL', 'U0DAVE'],
      confirmed_stage: ['', ''],
      confirmed_rule: [`A: ${stops}`, `B: ${stops}`],
      sent_rule: `B: ${stops}`,
    });
  });

  it('is that of the grant where nothing else is recorded', async () => {
    await using scene = await openScene();
    const id = await asked(scene);
    await confirmed(scene, id, 'U0CAROL');
    const [approved] = await scene.events(id, 'approved');
    const [sent] = await scene.events(id, 'dispatching');
    expect([approved?.data, sent?.data].filter((data) => data && 'rule' in data)).toEqual([]);
    expect(await row(scene, id)).toMatchObject({ confirmed_rule: [stops], sent_rule: stops });
  });

  it('of a command for later is that of the time when it is due', async () => {
    await using scene = await openScene();
    const due = { kind: 'in', ms: 30 * minutes, typed: 'in 30m' } as const;
    const id = await scene.submit({ due });
    await scene.untilIdle();
    await confirmed(scene, id, 'U0CAROL');
    expect((await scene.request(id)).state).toBe('scheduled');
    scene.setPolicy(renamed('B'));
    await scene.advanceTime(31 * minutes);
    expect((await scene.request(id)).state).toBe('accepted');
    expect((await rulesOf(scene, id)).sent).toEqual([`B: ${stops}`]);
    expect(await row(scene, id)).toMatchObject({ rule: stops, confirmed_rule: [stops], sent_rule: `B: ${stops}` });
  });

  it('stays with a confirmation that was scheduled', async () => {
    await using scene = await openScene();
    const due = { kind: 'in', ms: 30 * minutes, typed: 'in 30m' } as const;
    const id = await scene.submit({ due });
    await scene.untilIdle();
    scene.setPolicy(renamed('B'));
    await confirmed(scene, id, 'U0CAROL');
    expect((await scene.request(id)).confirmations).toMatchObject([{ by: 'U0CAROL', rule: `B: ${stops}` }]);
    expect((await row(scene, id)).confirmed_rule).toEqual([`B: ${stops}`]);
  });

  it('is recorded of each workflow of a batch, and of what takes effect in the ledger', async () => {
    await using scene = await openScene({ policy: careful('A') });
    const { batch, items } = await scene.submitSeveral(['WKF1', 'WKF2']);
    const freeze = await scene.submit({ verb: 'freeze', workflowId: '*', until: scene.world.now + 60 * minutes });
    await scene.untilIdle();
    scene.setPolicy(careful('B'));
    await confirmed(scene, batch, 'U0CAROL');
    await confirmed(scene, freeze, 'U0CAROL');
    for (const id of items)
      expect(await rulesOf(scene, id)).toMatchObject({ approved: [`B: ${stops}`], sent: [`B: ${stops}`] });
    const [{ rule = '' } = {}] = (await scene.events(freeze, 'dispatching')).map(({ data }) => data);
    expect(rule).toMatch(/^B: /);
  });
});
