import { expect, it } from '@jest/globals';
import { describeWorkspace } from '../../../sandbox/slack/print-channel.ts';
import { createWorkspace } from '../../../sandbox/slack/seed.ts';
import { checkModal } from '../../../sandbox/slack/views/modal.ts';
import { initialState } from '../../../sandbox/slack/views/view-state.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const input = (blockId: string, label: string, element: object, optional = false) => ({
  type: 'input',
  block_id: blockId,
  label: plain(label),
  optional,
  element: { action_id: 'a', ...element },
});

it('shows the open modals, with their values and errors', () => {
  const now = { text: plain('At once'), value: 'now' };
  const checked = checkModal({
    type: 'modal',
    title: plain('Stop a workflow'),
    submit: plain('Stop'),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: 'Ask <@U0BOB> first' } },
      input('what', 'Workflow', { type: 'external_select' }),
      input('how', 'How', { type: 'static_select', options: [now], initial_option: now }, true),
      input('why', 'Why', { type: 'plain_text_input', multiline: true, initial_value: 'wrong\naudience' }),
    ],
  });
  if (!checked.ok) throw new Error(checked.problems.join('\n'));
  const [view, values] = [checked.modal, initialState(checked.modal)];
  const open = { id: 'V0', hash: '1.a', user: 'U0ALICE', teamId: null, view, values, suggested: {} };
  const workspace = { ...createWorkspace(), views: [{ ...open, errors: { what: 'Choose one.' } }], mistakes: ['x'] };
  expect(describeWorkspace(workspace).split('\n')).toEqual([
    'There are no messages.',
    '',
    'Modal of alice: Stop a workflow',
    '       Ask @bob first',
    '       Workflow: –',
    '       ⚠️ Choose one.',
    '       How (optional): At once',
    '       Why: wrong',
    '       audience',
    '',
    'Mistake: x',
  ]);
});
