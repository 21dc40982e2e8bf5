import { describe, expect, it } from '@jest/globals';
import { engines, newLedger, type OpenedLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { recordedRequest } from './proof.fixture.ts';
import { auditHere, runAudit, urlOf } from './run-audit.ts';

const id = '7K3M9QPA';

async function digestOf({ ledger }: OpenedLedger, sequence: number): Promise<string> {
  const event = (await ledger.events(id)).find((one) => one.sequence === sequence);
  return event?.digest ?? '';
}

describe.each(engines)('digits of a record on %s', (engine) => {
  it('lead to the event that has them, in any case and however they are shortened', async () => {
    await using opened = await newLedger(engine);
    await recordedRequest(opened);
    const digest = await digestOf(opened, 3);
    const line = `Request ${id}, event 3: announced, 2026-11-10T12:00:00.000Z. Place 5 of the log: ${digest}\n`;
    expect(await runAudit(urlOf(opened), ['find', `${digest.slice(0, 8)}…`])).toEqual({
      code: 0,
      stdout: line,
      stderr: '',
    });
    for (const typed of [digest, digest.slice(0, 6), digest.slice(0, 12).toUpperCase(), `${digest.slice(0, 9)}...`]) {
      expect((await auditHere(opened.database, ['find', typed])).stdout).toBe(line);
    }
  });

  it('lead to the checkpoint that has them', async () => {
    await using opened = await newLedger(engine);
    await recordedRequest(opened);
    const { size, root } = opened.ledger.checkpoint();
    const line = `Checkpoint ${size}·${root.slice(0, 16)}: the log with ${size} places, 2026-11-10T12:00:00.000Z. ${root}\n`;
    for (const typed of [root.slice(0, 8), `${size}·${root.slice(0, 16)}`, `${size}:${root.slice(0, 6)}…`]) {
      expect((await auditHere(opened.database, ['find', typed])).stdout).toBe(line);
    }
    const other = await auditHere(opened.database, ['find', `${size - 1}·${root.slice(0, 16)}`]);
    expect([other.code, other.stdout]).toEqual([1, '']);
  });

  it('lead to an event that has no place yet, to one of the log itself, and to one that was removed', async () => {
    await using opened = await newLedger(engine);
    await recordedRequest(opened);
    const { firstDigest } = await storeRequest(opened.ledger, submission('9K3M9QPA', { workflowId: 'WKF9' }));
    expect((await auditHere(opened.database, ['find', firstDigest.slice(0, 8)])).stdout).toBe(
      `Request 9K3M9QPA, event 1: requested, 2026-11-10T12:00:00.000Z. No place in the log yet: ${firstDigest}\n`,
    );
    const [own] = await opened.query('select digest from log_events');
    expect((await auditHere(opened.database, ['find', String(own?.digest)])).stdout).toMatch(
      /^The log’s own event 1: log_began, \S+Z\. Place 0 of the log: [0-9a-f]{64}\n$/,
    );
    const removed = await digestOf(opened, 5);
    const trigger = { sqlite: 'events_no_delete', postgres: 'events_no_change on events' };
    await opened.query(`drop trigger ${trigger[engine]}`);
    await opened.query(`delete from events where request = '${id}' and sequence = 5`);
    expect((await auditHere(opened.database, ['find', removed.slice(0, 8)])).stdout).toBe(
      `Request ${id}, event 5: the log has its place, and the event was removed. Place 7 of the log: ${removed}\n`,
    );
  });

  it('lead to 20 events at most, and nowhere if none has them', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission(id), ...underWay);
    await opened.ledger.seal();
    const rows = Array.from(
      { length: 25 },
      (_, at) => `(${100 + at}, 'X', ${at}, 'abcdef${String(at).padStart(58, '0')}')`,
    );
    await opened.query(`insert into log_leaves (place, request, sequence, digest) values ${rows.join(', ')}`);
    const many = await auditHere(opened.database, ['find', 'abcdef']);
    expect(many.code).toBe(0);
    expect(many.stdout.trimEnd().split('\n')).toHaveLength(21);
    expect(many.stdout).toMatch(/\nThere are more than these 20: give more digits\.\n$/);
    expect((await auditHere(opened.database, ['find', `abcdef${'1'.padStart(58, '0')}`])).stdout).toContain(
      'Place 101',
    );
    expect(await auditHere(opened.database, ['find', 'fedcba98'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'No event and no checkpoint of this ledger begins with fedcba98.\n',
    });
  });
});

it.each(['9ae1c', 'nothing', '1234·', '%%%%%%', `${'a'.repeat(65)}`, '0·9ae1c38a', 'abcdef·abcdef'])(
  '“%s” is no beginning of a digest',
  async (typed) => {
    const { code, stdout, stderr } = await auditHere(null, ['find', typed]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('is no beginning of a digest');
  },
);
