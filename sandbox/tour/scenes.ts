import type { Sandbox } from '../start-sandbox.ts';
import { alert, announcement, outcome, press, privately, type } from './conversation.ts';

/** A part of the tour. It rejects where it does not end as its name says. */
export type Scene = {
  readonly name: string;
  /** `show` prints the current channel. */
  play(sandbox: Sandbox, show: (title: string) => void): Promise<void>;
};

const alice = 'U0ALICE';
const bob = 'U0BOB';

export const scenes: readonly Scene[] = [
  {
    name: 'Alice starts a workflow: Campaign accepts it',
    async play(sandbox) {
      await type(sandbox, alice, 'start WKF111 tonight’s newsletter');
      await outcome(sandbox, await announcement(sandbox, 'WKF111', 'accepted'));
      expectPosts(sandbox, 'WKF111', ['start']);
    },
  },
  {
    name: 'Alice requests a stop, Bob confirms it: Campaign accepts it',
    async play(sandbox, show) {
      await type(sandbox, alice, 'stop WKF110 wrong audience');
      const question = await announcement(sandbox, 'WKF110', 'awaiting_approval');
      show('Before Bob confirms, the channel shows:');
      expectPosts(sandbox, 'WKF110', []);
      await press(sandbox, bob, question, 'approve');
      await outcome(sandbox, await announcement(sandbox, 'WKF110', 'accepted'));
      expectPosts(sandbox, 'WKF110', ['stop']);
    },
  },
  {
    name: 'Alice requests a stop, Bob cancels it: nothing is sent',
    async play(sandbox) {
      await type(sandbox, alice, 'stop WKF200');
      await press(sandbox, bob, await announcement(sandbox, 'WKF200', 'awaiting_approval'), 'cancel');
      await outcome(sandbox, await announcement(sandbox, 'WKF200', 'cancelled'));
      expectPosts(sandbox, 'WKF200', []);
    },
  },
  {
    name: 'Alice requests a stop, and it is not confirmed: it expires, nothing is sent',
    async play(sandbox) {
      await type(sandbox, alice, 'stop WKF201');
      await outcome(sandbox, await announcement(sandbox, 'WKF201', 'expired'));
      expectPosts(sandbox, 'WKF201', []);
    },
  },
  {
    name: 'Dave has no rights: a private reply says whom to ask, nothing is sent',
    async play(sandbox) {
      await type(sandbox, 'U0DAVE', 'pause WKF202');
      await privately(sandbox, 'U0DAVE', 'you are not among them');
      expectPosts(sandbox, 'WKF202', []);
    },
  },
  {
    name: 'Alice makes a typo: the reply suggests a command, nothing is sent',
    async play(sandbox) {
      await type(sandbox, alice, 'stpo WKF203');
      await privately(sandbox, alice, 'Did you mean stop');
      expectPosts(sandbox, 'WKF203', []);
    },
  },
  {
    name: 'Alice names an unknown workflow: rejected, and shown in the channel',
    async play(sandbox) {
      await type(sandbox, alice, 'resume WKF999');
      await outcome(sandbox, await announcement(sandbox, 'WKF999', 'rejected'));
      expectPosts(sandbox, 'WKF999', ['resume']);
    },
  },
  {
    name: 'Campaign responds with its own error: unknown, probed, never sent again',
    async play(sandbox) {
      sandbox.campaign.fail('rst_500', { method: 'POST', workflowId: 'WKF204' });
      await type(sandbox, alice, 'pause WKF204');
      await outcome(sandbox, await announcement(sandbox, 'WKF204', 'unknown'));
      expectPosts(sandbox, 'WKF204', ['pause']);
    },
  },
  {
    name: 'Alice watches a workflow that has failed: the channel is told, until Bob ends it',
    async play(sandbox) {
      sandbox.campaign.addWorkflow('WKF205', 'erroneous');
      await type(sandbox, alice, 'watch WKF205');
      await alert(sandbox, 'WKF205', 'erroneous');
      await type(sandbox, bob, 'unwatch WKF205');
      await outcome(sandbox, await announcement(sandbox, 'WKF205', 'accepted', 'unwatch'));
      expectPosts(sandbox, 'WKF205', []);
    },
  },
  {
    name: 'Alice reads status and history, in private replies',
    async play(sandbox) {
      await type(sandbox, alice, 'status WKF110');
      await privately(sandbox, alice, 'WKF110 shows as finished');
      await type(sandbox, alice, 'history');
      await privately(sandbox, alice, 'Last requests in this channel');
    },
  },
];

function expectPosts(sandbox: Sandbox, workflowId: string, commands: readonly string[]): void {
  const sent = sandbox.campaign.posts(workflowId).map(({ body }) => body);
  const expected = commands.map((method) => JSON.stringify({ method }));
  if (JSON.stringify(sent) !== JSON.stringify(expected)) {
    throw new Error(
      `Campaign got ${sent.join(' ') || 'nothing'} for ${workflowId}, not ${expected.join(' ') || 'nothing'}`,
    );
  }
}
