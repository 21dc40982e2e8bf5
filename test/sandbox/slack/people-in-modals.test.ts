import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { types } from '@slack/bolt';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { type ListeningBot, startListeningBot } from './listening-bot.ts';
import { clientOf } from './quiet-client.ts';

const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text });
const option = (value: string) => ({ text: plain(value.toUpperCase()), value });

const BLOCKS: types.InputBlock[] = [
  {
    type: 'input',
    block_id: 'why',
    label: plain('Why'),
    element: { type: 'plain_text_input', action_id: 'reason', min_length: 3, max_length: 20 },
  },
  {
    type: 'input',
    block_id: 'how',
    label: plain('How'),
    optional: true,
    element: { type: 'static_select', action_id: 'way', options: [option('now'), option('later')] },
  },
  {
    type: 'input',
    block_id: 'what',
    label: plain('What'),
    element: { type: 'external_select', action_id: 'workflow', initial_option: option('wkf110') },
  },
];

const STOP: types.ModalView = {
  type: 'modal',
  callback_id: 'stop',
  private_metadata: 'R1',
  title: plain('Stop'),
  submit: plain('Go'),
  blocks: BLOCKS,
};

let slack: PretendSlack;
let bot: ListeningBot;

beforeEach(async () => {
  [slack, bot] = await Promise.all([startPretendSlack(), startListeningBot()]);
  slack.deliverTo(bot.url);
});
afterEach(() => Promise.all([slack.close(), bot.close()]));

const open = async (view: types.ModalView = STOP, teamId?: string) => {
  const where = { user: 'U0ALICE', channel: 'C0OPS', text: 'stop' };
  const { triggerId } = await slack.command({ ...where, ...(teamId !== undefined && { teamId }) });
  const opened = await clientOf(slack).views.open({ trigger_id: triggerId, view });
  return { user: 'U0ALICE', viewId: opened.view?.id ?? '' };
};
const payload = (): Record<string, unknown> => JSON.parse(bot.lastForm().get('payload') ?? '');
const answers = (body: unknown) =>
  bot.answers(body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' });
const shown = () => slack.workspace.views[0];
const REASON = { why: { reason: 'wrong audience' } };
const ALICE = { id: 'U0ALICE', username: 'alice', name: 'alice', team_id: 'T0ACME' };
const COMMON = {
  user: ALICE,
  team: { id: 'T0ACME', domain: 'acme' },
  enterprise: null,
  is_enterprise_install: false,
  api_app_id: 'A0APP',
  token: 'pretend-verification-token',
};

describe('somebody who types into an external_select', () => {
  it('queries the bot, without the values of other inputs', async () => {
    const inModal = await open();
    await slack.fill({ ...inModal, values: REASON });
    answers({ options: [option('wkf111')] });
    await slack.suggest({ ...inModal, actionId: 'workflow', query: 'wkf' });
    expect(payload()).toEqual({
      type: 'block_suggestion',
      ...COMMON,
      container: { type: 'view', view_id: inModal.viewId },
      action_id: 'workflow',
      block_id: 'what',
      value: 'wkf',
      view: expect.objectContaining({ id: inModal.viewId, private_metadata: 'R1', state: { values: {} } }),
    });
  });

  it('gets the options, including those of groups, and may select the last suggested ones', async () => {
    const inModal = { ...(await open()), actionId: 'workflow' };
    const select = (value: string) => slack.fill({ ...inModal, values: { what: { workflow: value } } });
    answers({ options: [option('wkf111'), option('wkf112')] });
    expect(await slack.suggest({ ...inModal, query: 'wkf' })).toEqual([option('wkf111'), option('wkf112')]);
    await select('wkf112');
    const groups = [option('wkf200'), option('wkf201')].map((each) => ({ label: plain('Group'), options: [each] }));
    answers({ option_groups: groups });
    expect(await slack.suggest({ ...inModal, query: 'wkf2' })).toEqual([option('wkf200'), option('wkf201')]);
    await select('wkf201');
    expect(shown()?.values.what).toEqual({
      workflow: { type: 'external_select', selected_option: option('wkf201') },
    });
    await expect(select('wkf112')).rejects.toThrow('The option wkf112 of workflow is not offered.');
    await select('wkf110');
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'either options or option_groups are needed'],
    ['a text', 'WKF111', 'Invalid input: expected object, received string'],
    ['neither options nor groups', {}, 'either options or option_groups are needed'],
    ['both', { options: [], option_groups: [] }, 'either options or option_groups are needed'],
    ['a long text', { options: [{ text: plain('x'.repeat(76)), value: 'x' }] }, 'less than 76 characters'],
    ['a long value', { options: [{ text: plain('x'), value: 'x'.repeat(151) }] }, '[json-pointer:/options/0/value]'],
    ['101 options', { options: Array(101).fill(option('x')) }, 'no more than 100 items allowed'],
  ])('gets no options where the bot answers %s', async (_what, body, problem) => {
    const inModal = { ...(await open()), actionId: 'workflow' };
    answers({ options: [option('wkf111')] });
    await slack.suggest({ ...inModal, query: 'wkf' });
    answers(body);
    expect(await slack.suggest({ ...inModal, query: 'wkf1' })).toEqual([]);
    expect(slack.workspace.mistakes).toEqual([expect.stringContaining('a query was answered with invalid options: ')]);
    expect(slack.workspace.mistakes[0]).toContain(problem);
    const values = { what: { workflow: 'wkf111' } };
    await expect(slack.fill({ ...inModal, values })).rejects.toThrow('is not offered');
  });

  it('gets no options, not even earlier ones, where the bot fails', async () => {
    const inModal = { ...(await open()), actionId: 'workflow' };
    answers({ options: [option('wkf111')] });
    await slack.suggest({ ...inModal, query: 'wkf' });
    bot.answers({ status: 500 });
    expect(await slack.suggest({ ...inModal, query: 'wkf1' })).toEqual([]);
    const values = { what: { workflow: 'wkf111' } };
    await expect(slack.fill({ ...inModal, values })).rejects.toThrow('is not offered');
  });

  it('types into an existing one, with the minimum length', async () => {
    const inModal = await open();
    const received = bot.received.length;
    const suggest = (actionId: string, query: string) => slack.suggest({ ...inModal, actionId, query });
    await expect(suggest('reason', 'wkf')).rejects.toThrow('There is no external_select reason');
    await expect(suggest('workflow', 'wk')).rejects.toThrow('after 3 characters, not 2');
    await expect(slack.suggest({ ...inModal, viewId: 'V0', actionId: 'workflow', query: 'wkf' })).rejects.toThrow(
      'U0ALICE has no open view V0',
    );
    expect(bot.received).toHaveLength(received);
  });
});

describe('somebody who fills in a modal', () => {
  it.each<[string, Record<string, Record<string, string>>, string]>([
    ['a missing input', { why: { other: 'x' } }, 'There is no input other in block why'],
    ['an option that is not offered', { how: { way: 'never' } }, 'The option never of way is not offered.'],
    ['a second line of a one-line input', { why: { reason: 'a\nb' } }, 'A line break cannot be typed into reason'],
  ])('cannot fill in %s, or other inputs with it', async (_what, values, why) => {
    const inModal = await open();
    const filled = { ...inModal, values: { what: { workflow: null }, ...values } };
    await expect(slack.fill(filled)).rejects.toThrow(why);
    expect(shown()?.values.what?.workflow).toMatchObject({ selected_option: option('wkf110') });
  });

  it('is the only one who sees it', async () => {
    const inModal = { ...(await open()), user: 'U0BOB' };
    await expect(slack.fill({ ...inModal, values: REASON })).rejects.toThrow('U0BOB has no open view');
    await expect(slack.submit(inModal)).rejects.toThrow('U0BOB has no open view');
    await expect(slack.closeView(inModal)).rejects.toThrow('U0BOB has no open view');
  });
});

describe('a choice in an input with dispatch_action', () => {
  const dispatching = { ...STOP, blocks: BLOCKS.map((block) => ({ ...block, dispatch_action: true })) };
  const sent = () => bot.received.map(({ body }) => JSON.parse(new URLSearchParams(body).get('payload') ?? '{}'));

  it('is told to the bot, with the values of all inputs; a text is not, before Enter', async () => {
    const inModal = await open(dispatching);
    const values = { why: { reason: 'wrong audience' }, how: { way: 'later' } };
    const [delivery, ...others] = await slack.fill({ ...inModal, values });
    expect(others).toEqual([]);
    expect(payload()).toEqual({
      type: 'block_actions',
      ...COMMON,
      container: { type: 'view', view_id: inModal.viewId },
      trigger_id: delivery?.triggerId,
      view: expect.objectContaining({
        id: inModal.viewId,
        hash: shown()?.hash,
        private_metadata: 'R1',
        state: {
          values: {
            why: { reason: { type: 'plain_text_input', value: 'wrong audience' } },
            how: { way: { type: 'static_select', selected_option: option('later') } },
            what: { workflow: { type: 'external_select', selected_option: option('wkf110') } },
          },
        },
      }),
      actions: [
        {
          type: 'static_select',
          block_id: 'how',
          action_id: 'way',
          selected_option: option('later'),
          action_ts: expect.stringMatching(/^\d+\.\d+$/),
        },
      ],
    });
  });

  it('is told of each change of a text that asks for it', async () => {
    const reported = dispatching.blocks.map((block) => {
      if (block.block_id !== 'why') return block;
      const element = { ...block.element, dispatch_action_config: { trigger_actions_on: ['on_character_entered'] } };
      return { ...block, element };
    });
    const inModal = await open({ ...dispatching, blocks: reported } as typeof dispatching);
    expect(await slack.fill({ ...inModal, values: { why: { reason: 'w' } } })).toHaveLength(1);
    expect(payload()).toMatchObject({
      actions: [{ type: 'plain_text_input', block_id: 'why', action_id: 'reason', value: 'w' }],
    });
  });

  it('is told once, and not where the input has no dispatch_action', async () => {
    const inModal = await open(dispatching);
    expect(await slack.fill({ ...inModal, values: { how: { way: 'now' } } })).toHaveLength(1);
    expect(await slack.fill({ ...inModal, values: { how: { way: 'now' } } })).toEqual([]);
    expect(await slack.fill({ ...inModal, values: { how: { way: null } } })).toHaveLength(1);
    const other = await open();
    expect(await slack.fill({ ...other, values: { how: { way: 'now' } } })).toEqual([]);
  });

  it('is told before a submission that follows at once', async () => {
    const inModal = await open(dispatching);
    const before = bot.received.length;
    await slack.submit({ ...inModal, values: { ...REASON, how: { way: 'now' } } });
    expect(sent().slice(before)).toMatchObject([{ type: 'block_actions' }, { type: 'view_submission' }]);
  });

  it('survives an update of the view of that version, and another version is refused', async () => {
    const inModal = await open(dispatching);
    answers({ options: [option('wkf112')] });
    await slack.suggest({ ...inModal, actionId: 'workflow', query: 'wkf' });
    bot.answers({});
    await slack.fill({ ...inModal, values: { ...REASON, what: { workflow: 'wkf112' }, how: { way: 'now' } } });
    const { hash } = sent().at(-1).view;
    const text = { type: 'section' as const, block_id: 'terms', text: plain('Nobody confirms it.') };
    const view = { ...dispatching, blocks: [...dispatching.blocks, text] };
    const update = { view_id: inModal.viewId, view };
    const updated = await clientOf(slack).views.update({ ...update, hash });
    expect(shown()).toMatchObject({
      hash: updated.view?.hash,
      values: { why: { reason: { value: 'wrong audience' } } },
    });
    await expect(clientOf(slack).views.update({ ...update, hash })).rejects.toThrow('hash_conflict');
    const values = { what: { workflow: 'wkf112' } };
    expect(await slack.fill({ ...inModal, values })).toEqual([]);
    await slack.submit(inModal);
    expect(payload()).toMatchObject({
      view: { state: { values: { what: { workflow: { selected_option: option('wkf112') } } } } },
    });
    await expect(clientOf(slack).views.update(update)).rejects.toThrow('not_found');
  });
});

describe('a submission', () => {
  it('has the values and the person', async () => {
    const inModal = await open();
    const { triggerId, status } = await slack.submit({ ...inModal, values: { ...REASON, how: { way: 'later' } } });
    expect(status).toBe(200);
    expect(triggerId).not.toBe('');
    expect(payload()).toEqual({
      type: 'view_submission',
      ...COMMON,
      trigger_id: triggerId,
      view: expect.objectContaining({
        id: inModal.viewId,
        callback_id: 'stop',
        private_metadata: 'R1',
        state: {
          values: {
            why: { reason: { type: 'plain_text_input', value: 'wrong audience' } },
            how: { way: { type: 'static_select', selected_option: option('later') } },
            what: { workflow: { type: 'external_select', selected_option: option('wkf110') } },
          },
        },
      }),
      response_urls: [],
    });
  });

  it('has null for empty inputs', async () => {
    const inModal = await open();
    await slack.submit({ ...inModal, values: REASON });
    expect(payload()).toMatchObject({ view: { state: { values: { how: { way: { selected_option: null } } } } } });
  });

  it('has the workspace in which the modal was opened, by default', async () => {
    const inModal = await open(STOP, 'T0OTHER');
    answers({ response_action: 'errors', errors: { why: 'No.' } });
    await slack.submit({ ...inModal, values: REASON });
    expect(payload()).toMatchObject({ user: { team_id: 'T0OTHER' }, team: { id: 'T0OTHER' } });
    await slack.submit({ ...inModal, teamId: 'T0THIRD', triggerId: 'given' });
    expect(payload()).toMatchObject({ trigger_id: 'given', user: { team_id: 'T0THIRD' } });
  });

  it('may open the next modal', async () => {
    const { triggerId } = await slack.submit({ ...(await open()), values: REASON });
    await clientOf(slack).views.open({ trigger_id: triggerId, view: { ...STOP, callback_id: 'next' } });
    expect(slack.workspace.views).toMatchObject([{ user: 'U0ALICE', view: { callback_id: 'next' } }]);
  });

  it.each<[string, Record<string, Record<string, string | null>>, string]>([
    ['a required text is empty', { why: { reason: '' } }, 'Why (reason) is required.'],
    ['a required option is not chosen', { ...REASON, what: { workflow: null } }, 'What (workflow) is required.'],
    ['a text is too short', { why: { reason: 'no' } }, 'Why (reason) needs at least 3 characters.'],
    ['a text is too long', { why: { reason: 'x'.repeat(21) } }, 'Why (reason) takes at most 20 characters.'],
  ])('is not sent while %s', async (_what, values, why) => {
    const inModal = await open();
    const received = bot.received.length;
    await expect(slack.submit({ ...inModal, values })).rejects.toThrow(why);
    expect(bot.received).toHaveLength(received);
    expect(slack.workspace.views).toHaveLength(1);
  });

  it('needs a button', async () => {
    const inModal = await open({ type: 'modal', title: plain('Read'), blocks: [{ type: 'divider' }] });
    await expect(slack.submit(inModal)).rejects.toThrow('has no button to submit it');
  });

  it('is delivered again with the same bytes, and answered again', async () => {
    const inModal = await open();
    answers({ response_action: 'errors', errors: { why: 'No.' } });
    const delivery = await slack.submit({ ...inModal, values: REASON });
    answers({ response_action: 'clear' });
    await slack.redeliver(delivery);
    expect(bot.received.at(-1)?.body).toBe(bot.received.at(-2)?.body);
    expect(slack.workspace.views).toEqual([]);
    await slack.redeliver(delivery);
    expect(slack.workspace.mistakes).toEqual([]);
  });
});

describe('the acknowledgement of a submission', () => {
  const submit = async (body: unknown) => {
    const inModal = await open();
    answers(body);
    await slack.submit({ ...inModal, values: REASON });
    return inModal;
  };

  it('closes the view with nothing, or with clear', async () => {
    await slack.submit({ ...(await open()), values: REASON });
    expect(slack.workspace.views).toEqual([]);
    await submit({ response_action: 'clear' });
    expect(slack.workspace.views).toEqual([]);
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it('leaves it open with errors, until the next one', async () => {
    const inModal = await submit({ response_action: 'errors', errors: { why: 'Say more.' } });
    expect(shown()).toMatchObject({
      errors: { why: 'Say more.' },
      values: { why: { reason: { value: 'wrong audience' } } },
    });
    answers({ response_action: 'errors', errors: { what: 'Not this one.' } });
    await slack.submit(inModal);
    expect(shown()?.errors).toEqual({ what: 'Not this one.' });
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it('replaces the view, which keeps its values', async () => {
    const inModal = await submit({ response_action: 'errors', errors: { why: 'Say more.' } });
    answers({ response_action: 'update', view: { ...STOP, callback_id: 'sure' } });
    await slack.submit(inModal);
    expect(shown()?.errors).toEqual({});
    expect(shown()).toMatchObject({ id: inModal.viewId, view: { callback_id: 'sure' } });
    expect(shown()?.values.why?.reason).toMatchObject({ value: 'wrong audience' });
  });

  it.each<[string, unknown, string]>([
    [
      'an error for no input of the view',
      { response_action: 'errors', errors: { elsewhere: 'No.' } },
      'a submission has an error for elsewhere, which is no input of the view',
    ],
    ['no errors', { response_action: 'errors', errors: {} }, 'a submission has errors, but for no input'],
    [
      'an invalid view',
      { response_action: 'update', view: { ...STOP, title: plain('x'.repeat(25)) } },
      'a submission was acknowledged with an invalid view: must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    ['a text', 'Thanks.', 'a submission was acknowledged with an invalid answer'],
  ])('is a mistake with %s, and the view stays', async (_what, body, mistake) => {
    await submit(body);
    expect(slack.workspace.mistakes).toEqual([mistake]);
    expect(slack.workspace.views).toMatchObject([{ view: STOP }]);
    expect(shown()?.errors).toEqual({});
  });

  it('keeps the view open where the bot fails', async () => {
    const inModal = await open();
    bot.answers({ status: 500 });
    expect(await slack.submit({ ...inModal, values: REASON })).toMatchObject({ status: 500 });
    expect(slack.workspace.views).toHaveLength(1);
  });
});

describe('somebody who closes a modal', () => {
  it('sends no notification by default', async () => {
    const inModal = await open();
    const received = bot.received.length;
    expect(await slack.closeView(inModal)).toBeNull();
    expect(slack.workspace.views).toEqual([]);
    expect(bot.received).toHaveLength(received);
  });

  it('sends a notification where the view requests it', async () => {
    const inModal = await open({ ...STOP, notify_on_close: true });
    const delivery = await slack.closeView(inModal);
    expect(delivery).toMatchObject({ status: 200, triggerId: '', responseUrl: '' });
    expect(payload()).toEqual({
      type: 'view_closed',
      ...COMMON,
      view: expect.objectContaining({ id: inModal.viewId, callback_id: 'stop', private_metadata: 'R1' }),
      is_cleared: false,
    });
    expect(slack.workspace.views).toEqual([]);
    await expect(slack.submit({ ...inModal, values: REASON })).rejects.toThrow('has no open view');
  });
});
