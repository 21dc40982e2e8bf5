import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { types } from '@slack/bolt';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { checkModal } from '../../../sandbox/slack/views/modal.ts';
import { type ListeningBot, startListeningBot } from './listening-bot.ts';
import { clientOf, refusalOf } from './quiet-client.ts';

const text = (length: number) => 'x'.repeat(length);
const plain = (value: string): types.PlainTextElement => ({ type: 'plain_text', text: value });
const option = (value: string) => ({ text: plain(value), value });
const times = <T>(count: number, each: (nth: number) => T): T[] => Array.from({ length: count }, (_, nth) => each(nth));
const textInput = (other: object = {}) => ({ type: 'plain_text_input', action_id: 'a', ...other });
const select = (other: object = {}) => ({ type: 'static_select', action_id: 'a', options: [option('one')], ...other });
const external = (other: object = {}) => ({ type: 'external_select', action_id: 'a', ...other });
const input = (element: object, other: object = {}) => ({ type: 'input', label: plain('Why'), element, ...other });
const modal = (other: object = {}) => ({
  type: 'modal',
  title: plain('Stop'),
  submit: plain('Go'),
  blocks: [],
  ...other,
});
const withInput = (element: object, other: object = {}) => modal({ blocks: [input(element, other)] });

describe('views that Slack accepts', () => {
  it('have every kind of block and input, at their limits', () => {
    const placeholder = plain(text(150));
    const full = { text: plain(text(75)), value: text(150), description: plain(text(75)) };
    const limits = { min_length: 1, max_length: 3000, multiline: true, initial_value: 'x' };
    const blocks = [
      { type: 'header', text: plain('Stop') },
      { type: 'section', text: { type: 'mrkdwn', text: '*WKF110*' }, accessory: { type: 'button', text: plain('Go') } },
      input(textInput({ ...limits, placeholder }), { hint: plain(text(2000)), optional: true, block_id: text(255) }),
      input(select({ options: times(99, () => full).concat(full), initial_option: full, placeholder })),
      input(external({ min_query_length: 0, initial_option: full, placeholder }), { label: plain(text(2000)) }),
      ...times(95, () => ({ type: 'divider' })),
    ];
    const given = modal({
      title: plain(text(24)),
      submit: plain(text(24)),
      close: plain(text(24)),
      blocks,
      private_metadata: text(3000),
      callback_id: text(255),
      notify_on_close: true,
      clear_on_close: true,
    });
    expect(checkModal(given)).toEqual({ ok: true, modal: given });
  });

  it('need no submit button without inputs', () => {
    const given = { type: 'modal', title: plain('Stop'), blocks: [{ type: 'divider' }] };
    expect(checkModal(given)).toEqual({ ok: true, modal: given });
  });
});

describe('views that Slack refuses', () => {
  it.each<[string, unknown, string]>([
    ['no view', undefined, 'missing required field: view [json-pointer:/view]'],
    ['another type', modal({ type: 'home' }), 'Invalid input: expected "modal" [json-pointer:/view/type]'],
    ['no title', modal({ title: undefined }), 'missing required field: title [json-pointer:/view/title]'],
    ['a long title', modal({ title: plain(text(25)) }), 'less than 25 characters [json-pointer:/view/title/text]'],
    [
      'markup',
      modal({ title: { type: 'mrkdwn', text: 'x' } }),
      'expected "plain_text" [json-pointer:/view/title/type]',
    ],
    ['a long submit', modal({ submit: plain(text(25)) }), 'than 25 characters [json-pointer:/view/submit/text]'],
    ['a long close', modal({ close: plain(text(25)) }), 'than 25 characters [json-pointer:/view/close/text]'],
    [
      'inputs without a submit button',
      { ...withInput(textInput()), submit: undefined },
      'missing required field: submit [json-pointer:/view/submit]',
    ],
    [
      'too many blocks',
      modal({ blocks: times(101, () => ({ type: 'divider' })) }),
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    ['an unknown block', modal({ blocks: [{ type: 'image' }] }), 'type: "image" [json-pointer:/view/blocks/0/type]'],
    [
      'blocks of the same name',
      modal({ blocks: times(2, () => input(textInput(), { block_id: 'b' })) }),
      '`block_id` already exists for another block [json-pointer:/view/blocks/1/block_id]',
    ],
    [
      'too much metadata',
      modal({ private_metadata: text(3001) }),
      'than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    ['a long callback_id', modal({ callback_id: text(256) }), 'than 256 characters [json-pointer:/view/callback_id]'],
    ['an unknown key', modal({ colour: 'red' }), 'invalid additional property: colour [json-pointer:/view]'],
    ['a long label', withInput(textInput(), { label: plain(text(2001)) }), '[json-pointer:/view/blocks/0/label/text]'],
    ['a long hint', withInput(textInput(), { hint: plain(text(2001)) }), '[json-pointer:/view/blocks/0/hint/text]'],
    ['a long block_id', withInput(textInput(), { block_id: text(256) }), '[json-pointer:/view/blocks/0/block_id]'],
    ['a long action_id', withInput(textInput({ action_id: text(256) })), '/blocks/0/element/action_id]'],
    ['a long placeholder', withInput(textInput({ placeholder: plain(text(151)) })), '/element/placeholder/text]'],
    [
      'an unknown element',
      withInput({ type: 'datepicker' }),
      'unsupported type: "datepicker" [json-pointer:/view/blocks/0/element/type]',
    ],
    [
      'a maximum length that is too large',
      withInput(textInput({ max_length: 3001 })),
      'no more than 3000 [json-pointer:/view/blocks/0/element/max_length]',
    ],
    [
      'a maximum length of zero',
      withInput(textInput({ max_length: 0 })),
      'no less than 1 [json-pointer:/view/blocks/0/element/max_length]',
    ],
    [
      'a minimum length above the maximum',
      withInput(textInput({ min_length: 3, max_length: 2 })),
      '`min_length` is more than `max_length` [json-pointer:/view/blocks/0/element/min_length]',
    ],
    [
      'no options',
      withInput(select({ options: [] })),
      'no fewer than 1 items allowed [json-pointer:/view/blocks/0/element/options]',
    ],
    [
      'too many options',
      withInput(select({ options: times(101, (nth) => option(`${nth}`)) })),
      'no more than 100 items allowed [json-pointer:/view/blocks/0/element/options]',
    ],
    [
      'options and option groups',
      withInput(select({ option_groups: [{ label: plain('all'), options: [option('one')] }] })),
      'either options or option_groups are needed [json-pointer:/view/blocks/0/element/options]',
    ],
    [
      'too many options in a group',
      withInput(
        select({
          options: undefined,
          option_groups: [{ label: plain('all'), options: times(101, (nth) => option(`${nth}`)) }],
        }),
      ),
      'no more than 100 items allowed [json-pointer:/view/blocks/0/element/option_groups/0/options]',
    ],
    ['a long option', withInput(select({ options: [{ text: plain(text(76)), value: 'x' }] })), '/options/0/text/text]'],
    ['a long value', withInput(select({ options: [{ text: plain('x'), value: text(151) }] })), '/options/0/value]'],
    [
      'an unknown initial option',
      withInput(select({ initial_option: option('two') })),
      '`initial_option` is none of the options [json-pointer:/view/blocks/0/element/initial_option]',
    ],
    ['a negative query length', withInput(external({ min_query_length: -1 })), '/element/min_query_length]'],
  ])('are those with %s', (_what, given, problem) => {
    expect(checkModal(given)).toEqual({ ok: false, problems: [expect.stringContaining(problem)] });
  });
});

describe('the Web API', () => {
  let slack: PretendSlack;
  let bot: ListeningBot;
  let time: number;

  beforeEach(async () => {
    time = Date.UTC(2026, 0, 15, 12);
    [slack, bot] = await Promise.all([startPretendSlack({ now: () => time, scopes: [] }), startListeningBot()]);
    slack.deliverTo(bot.url);
  });
  afterEach(() => Promise.all([slack.close(), bot.close()]));

  const STOP: types.ModalView = {
    type: 'modal',
    callback_id: 'stop',
    private_metadata: 'R1',
    title: plain('Stop'),
    submit: plain('Go'),
    blocks: [
      {
        type: 'input',
        block_id: 'why',
        label: plain('Why'),
        element: { type: 'plain_text_input', action_id: 'reason', initial_value: 'none' },
      },
    ],
  };
  const command = { user: 'U0ALICE', channel: 'C0OPS', text: 'stop' };
  const trigger = async () => (await slack.command(command)).triggerId;
  const open = (trigger_id: string, view: types.ModalView = STOP) => clientOf(slack).views.open({ trigger_id, view });

  it('opens a view for the person of the trigger, without any scope', async () => {
    const { view } = await open(await trigger());
    expect(view).toEqual({
      id: expect.stringMatching(/^V0\w+$/),
      team_id: 'T0ACME',
      type: 'modal',
      blocks: STOP.blocks,
      private_metadata: 'R1',
      callback_id: 'stop',
      state: { values: {} },
      hash: expect.stringMatching(/^\d{10}\.\w+$/),
      title: STOP.title,
      clear_on_close: false,
      notify_on_close: false,
      close: null,
      submit: STOP.submit,
      previous_view_id: null,
      root_view_id: view?.id,
      app_id: 'A0APP',
      external_id: '',
      app_installed_team_id: 'T0ACME',
      bot_id: 'B0BOT',
    });
    const values = { why: { reason: { type: 'plain_text_input', value: 'none' } } };
    expect(slack.workspace.views).toMatchObject([
      { id: view?.id, hash: view?.hash, user: 'U0ALICE', values, errors: {} },
    ]);
    expect(slack.calls).toMatchObject([{ method: 'views.open', params: { view: { callback_id: 'stop' } } }]);
  });

  it('adds missing IDs of blocks and elements', async () => {
    const element: types.PlainTextInput = { type: 'plain_text_input' };
    const blocks = [{ type: 'input' as const, label: plain('Why'), element }, { type: 'divider' as const }];
    const { view } = await open(await trigger(), { ...STOP, blocks });
    expect(view?.blocks).toMatchObject([
      { block_id: expect.any(String), element: { action_id: expect.any(String) } },
      { block_id: expect.any(String) },
    ]);
  });

  it('accepts a trigger ID for three seconds', async () => {
    const [late, inTime] = [await trigger(), await trigger()];
    time += 3000;
    await open(inTime);
    time += 1;
    expect((await refusalOf(open(late))).error).toBe('expired_trigger_id');
    expect(slack.workspace.views).toHaveLength(1);
  });

  it('accepts a trigger ID once', async () => {
    const triggerId = await trigger();
    await open(triggerId);
    expect((await refusalOf(open(triggerId))).error).toBe('exchanged_trigger_id');
    expect(slack.workspace.views).toHaveLength(1);
  });

  it('refuses an unknown trigger ID', async () => {
    expect((await refusalOf(open('1.2.foreign'))).error).toBe('invalid_trigger_id');
    expect((await refusalOf(clientOf(slack).apiCall('views.open', { view: STOP }))).error).toBe('invalid_arguments');
  });

  it('does not renew a trigger ID that is issued again', async () => {
    const given = { ...command, triggerId: 'given' };
    await slack.command(given);
    await open('given');
    await slack.command(given);
    expect((await refusalOf(open('given'))).error).toBe('exchanged_trigger_id');
  });

  it('reports the problems of a view, and keeps the trigger ID valid', async () => {
    const triggerId = await trigger();
    const refusal = await refusalOf(open(triggerId, { ...STOP, title: plain(text(25)) }));
    expect(refusal).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
    });
    await open(triggerId);
  });

  it('updates a view, which keeps its values', async () => {
    const { view } = await open(await trigger());
    const [viewId, hash] = [view?.id ?? '', view?.hash ?? ''];
    await slack.fill({ user: 'U0ALICE', viewId, values: { why: { reason: 'wrong audience' } } });
    const more: types.InputBlock = {
      type: 'input',
      block_id: 'more',
      label: plain('More'),
      element: { type: 'plain_text_input', action_id: 'reason', initial_value: 'later' },
    };
    const update = (with_hash?: string) =>
      clientOf(slack).views.update({
        view_id: viewId,
        ...(with_hash !== undefined && { hash: with_hash }),
        view: { ...STOP, callback_id: 'stop2', blocks: [...STOP.blocks, more] },
      });
    const { view: updated } = await update(hash);
    expect(updated).toMatchObject({ id: viewId, callback_id: 'stop2', blocks: [{ block_id: 'why' }, more] });
    expect(slack.workspace.views).toMatchObject([
      {
        id: viewId,
        hash: updated?.hash,
        values: { why: { reason: { value: 'wrong audience' } }, more: { reason: { value: 'later' } } },
      },
    ]);
    expect(updated?.hash).not.toBe(hash);
    expect((await refusalOf(update(hash))).error).toBe('hash_conflict');
    expect((await update()).ok).toBe(true);
  });

  it('clears an input whose option an update removes, or whose kind it changes', async () => {
    const viewWith = (element: types.StaticSelect | types.PlainTextInput): types.ModalView => ({
      ...STOP,
      blocks: [{ type: 'input', block_id: 'how', label: plain('How'), element: { ...element, action_id: 'way' } }],
    });
    const selectOf = (...values: string[]) => viewWith({ type: 'static_select', options: values.map(option) });
    const grouped = [{ label: plain('all'), options: ['now', 'later'].map(option) }];
    const { view } = await open(await trigger(), viewWith({ type: 'static_select', option_groups: grouped }));
    const viewId = view?.id ?? '';
    await slack.fill({ user: 'U0ALICE', viewId, values: { how: { way: 'later' } } });
    const valueAfter = async (next: types.ModalView) => {
      await clientOf(slack).views.update({ view_id: viewId, view: next });
      return slack.workspace.views[0]?.values.how?.way;
    };
    expect(await valueAfter(selectOf('later', 'never'))).toMatchObject({ selected_option: option('later') });
    expect(await valueAfter(selectOf('now', 'never'))).toEqual({ type: 'static_select', selected_option: null });
    expect(await valueAfter(viewWith({ type: 'plain_text_input' }))).toEqual({ type: 'plain_text_input', value: null });
  });

  it('updates a view that is open, with a view that is valid', async () => {
    const { views } = clientOf(slack);
    expect((await refusalOf(views.update({ view_id: 'V0NONE', view: STOP }))).error).toBe('not_found');
    const { view } = await open(await trigger());
    const empty = { ...STOP, submit: plain(text(25)) };
    const refusal = await refusalOf(views.update({ view_id: view?.id ?? '', view: empty }));
    expect(refusal).toMatchObject({
      error: 'invalid_arguments',
      errors: [expect.stringContaining('/view/submit/text')],
    });
    expect(slack.workspace.views).toMatchObject([{ hash: view?.hash, view: { submit: STOP.submit } }]);
  });
});
