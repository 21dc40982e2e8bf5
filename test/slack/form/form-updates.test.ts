import { describe, expect, it } from '@jest/globals';
import type { types } from '@slack/bolt';
import { startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { createFormUpdates, updateView } from '../../../src/slack/form/form-updates.ts';
import { clientOf } from '../../sandbox/slack/quiet-client.ts';

const view = (text: string): types.ModalView => ({ type: 'modal', title: { type: 'plain_text', text }, blocks: [] });

/** The form as Slack keeps it: an update of another version than the shown one is refused. */
function openForm() {
  let hash = '1';
  const shown: string[] = [];
  const update = createFormUpdates(async (_id, given, { title }) => {
    await Promise.resolve();
    if (given !== hash) return null;
    shown.push(title.text);
    hash = String(Number(hash) + 1);
    return hash;
  });
  return { shown, update, hash: () => hash };
}

/** A look-up that ends when it is told. */
function lookUp(text: string) {
  const { promise, resolve } = Promise.withResolvers<types.ModalView | null>();
  return { viewFor: () => promise, end: () => resolve(view(text)) };
}

describe('an open form', () => {
  it('shows only what the newest choice needs, however long the look-ups for the earlier one take', async () => {
    const { shown, update } = openForm();
    const [earlier, newer] = [lookUp('earlier'), lookUp('newer')];
    const updates = [
      update({ id: 'V0', hash: '1', at: 1 }, earlier.viewFor),
      update({ id: 'V0', hash: '1', at: 2 }, newer.viewFor),
    ];
    newer.end();
    await updates[1];
    earlier.end();
    await Promise.all(updates);
    expect(shown).toEqual(['newer']);
  });

  it('shows a choice that was made before the update for the one before was visible', async () => {
    const { shown, update } = openForm();
    await update({ id: 'V0', hash: '1', at: 1 }, async () => view('first'));
    await update({ id: 'V0', hash: '1', at: 2 }, async () => view('second'));
    await update({ id: 'V0', hash: '3', at: 3 }, async () => view('third'));
    expect(shown).toEqual(['first', 'second', 'third']);
  });

  it('is left alone for a choice that is delivered again or late', async () => {
    const { shown, update } = openForm();
    await update({ id: 'V0', hash: '1', at: 2 }, async () => view('second'));
    for (const at of [2, 1]) await update({ id: 'V0', hash: '2', at }, async () => view('again'));
    expect(shown).toEqual(['second']);
  });

  it('is left alone where another process has shown something else since, or where there is nothing to show', async () => {
    const { shown, update, hash } = openForm();
    await update({ id: 'V0', hash: '0', at: 1 }, async () => view('late'));
    await update({ id: 'V0', hash: '1', at: 2 }, async () => null);
    expect([shown, hash()]).toEqual([[], '1']);
    await update({ id: 'V0', hash: '1', at: 3 }, async () => view('again in order'));
    expect(shown).toEqual(['again in order']);
  });

  it('is looked at once the last of what is typed has settled', async () => {
    const waits: (() => void)[] = [];
    const shown: string[] = [];
    const update = createFormUpdates(
      async (_id, _hash, { title }) => `${shown.push(title.text)}`,
      () => new Promise<void>((resolve) => waits.push(resolve)),
    );
    const looks: string[] = [];
    const typed = ['1', '18', '18:00'].map((text, at) =>
      update({ id: 'V0', hash: '1', at }, async () => view(`${looks.push(text)} ${text}`), 400),
    );
    for (const end of waits) end();
    await Promise.all(typed);
    expect([looks, shown]).toEqual([['18:00'], ['1 18:00']]);
  });

  it('shows the next choice where the look-ups for the one before failed', async () => {
    const { shown, update } = openForm();
    const failed = update({ id: 'V0', hash: '1', at: 1 }, async () => {
      throw new Error('no answer');
    });
    await expect(failed).rejects.toThrow('no answer');
    await update({ id: 'V0', hash: '1', at: 2 }, async () => view('next'));
    expect(shown).toEqual(['next']);
  });
});

describe('an update that Slack refuses', () => {
  it.each([
    ['is no problem where the form shows something newer', 'hash_conflict', []],
    ['is no problem where the form is closed', 'not_found', []],
    ['is logged where it is one', 'internal_error', [{ reason: 'internal_error' }]],
  ] as const)('%s: %s', async (_, error, expected) => {
    const slack = await startPretendSlack();
    try {
      slack.fail('views.update', { kind: 'error', error });
      const logged: object[] = [];
      const log = { warn: (fields: object) => void logged.push(fields) };
      expect(await updateView(clientOf(slack), { id: 'V0', hash: '1', view: view('late') }, log)).toBeNull();
      expect(logged).toEqual(expected);
    } finally {
      await slack.close();
    }
  });
});
