import { expect } from '@jest/globals';
import { directChannelId } from '../../sandbox/slack/workspace.ts';
import { alice, bob, buttons, type Conversation, carol, dave, gina, ops, pat, requestId, shownText } from './people.ts';

/** A promise of the bot, and its check: over HTTP with signed requests, and over Socket Mode. */
export type Case = { readonly promise: string; check(talk: Conversation): Promise<void> };

export const cases: readonly Case[] = [
  ...(['start', 'pause', 'resume'] as const).map((verb, index) => ({
    promise: `${verb}: announced, sent once, the outcome in the thread and on the announcement`,
    async check({ type, announced, outcome, sent, sandbox }: Conversation) {
      const workflow = `WKF30${index}`;
      sandbox.campaign.addWorkflow(workflow, verb === 'resume' ? 'paused' : 'editing');
      expect(await type(alice, `${verb} ${workflow} for the newsletter`)).toContain('Asked: ');
      const announcement = await announced(workflow, 'accepted');
      const reply = await outcome(announcement);
      expect(sent(workflow)).toEqual([JSON.stringify({ method: verb })]);
      expect(announcement.channel).toBe(ops);
      for (const words of ['acme', workflow, 'for the newsletter', 'Accepted'])
        expect(shownText(announcement)).toContain(words);
      expect(announcement.text).toContain(`<@${alice}>`);
      expect(buttons(announcement)).toEqual([]);
      expect(reply.text).toContain(`<@${alice}> Campaign accepted the ${verb} of ${workflow} (acme)`);
      expect(reply.metadata?.event_payload).toEqual({
        request_id: requestId(announcement),
        outcome: 'accepted',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        checkpoint: expect.stringMatching(/^campaign-wf\/[0-9a-f]{16}\n\d+\n[A-Za-z0-9+/]{43}=\n$/),
      });
      expect(reply.replyBroadcast).toBe(false);
    },
  })),
  {
    promise: 'a start of a paused or failed workflow asks its requester first, and explains its effect',
    async check({ type, announced, outcome, press, sent, sandbox }) {
      for (const [workflow, state, shows, says] of [
        ['WKF307', 'paused', 'paused or unfinished', 'this start resumes it where it was'],
        ['WKF308', 'erroneous', 'failed', 'This start runs the failed activity again'],
      ] as const) {
        sandbox.campaign.addWorkflow(workflow, state);
        await type(alice, `start ${workflow}`);
        const question = await announced(workflow, 'awaiting_approval');
        for (const words of [`Shows as ${shows}.`, says]) expect(shownText(question)).toContain(words);
        expect(sent(workflow)).toEqual([]);
        await press(alice, question, 'approve');
        await outcome(await announced(workflow, 'accepted'));
        expect(sent(workflow)).toEqual(['{"method":"start"}']);
      }
    },
  },
  {
    promise:
      'accepted is not executed: the state that Campaign shows some seconds later is posted in the thread, without a mention, and ends the announcement',
    async check({ type, announced, outcome, followUp, sandbox, slack }) {
      sandbox.campaign.addWorkflow('WKF305');
      await type(alice, 'pause WKF305');
      const announcement = await announced('WKF305', 'accepted');
      const accepted = await outcome(announcement);
      expect(shownText(accepted)).not.toMatch(/paused|✅/);
      const reply = await followUp(announcement);
      expect(shownText(reply)).toBe('✅ WKF305 shows as paused or unfinished.');
      await slack.waitFor(() => shownText(announcement).includes('✅ Shows as paused or unfinished.'));
      expect(Number(reply.ts)).toBeGreaterThan(Number(accepted.ts));
      expect(reply.metadata?.event_payload).toEqual({ request_id: requestId(announcement) });
      expect(slack.workspace.messages.filter(({ threadTs }) => threadTs === announcement.ts)).toHaveLength(2);
    },
  },
  {
    promise: 'nothing is sent to Campaign before it is announced',
    async check({ type, announced, sandbox }) {
      sandbox.campaign.addWorkflow('WKF310');
      await type(alice, 'pause WKF310');
      const { ts } = await announced('WKF310', 'accepted');
      const [post] = sandbox.campaign.posts('WKF310');
      expect(Number(ts)).toBeLessThanOrEqual((post?.at ?? 0) / 1000);
    },
  },
  {
    promise: 'stop asks first: two buttons, its effect, its approvers, its time limit; then who decided',
    async check({ type, announced, outcome, press, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF320');
      await type(alice, 'stop WKF320 wrong audience');
      const question = await announced('WKF320', 'awaiting_approval');
      expect(buttons(question)).toEqual([
        expect.objectContaining({ action_id: 'approve_request', style: 'danger', value: requestId(question) }),
        expect.objectContaining({ action_id: 'cancel_request', value: requestId(question) }),
      ]);
      expect(shownText(question)).toContain('A stop cannot be undone');
      expect(JSON.stringify(question.blocks)).toContain('"usergroup_id":"S0LEADS"');
      expect(JSON.stringify(question.blocks)).toContain('"type":"date"');
      expect(sent('WKF320')).toEqual([]);
      await press(bob, question, 'approve');
      const announcement = await announced('WKF320', 'accepted');
      expect(announcement.ts).toBe(question.ts);
      expect(buttons(announcement)).toEqual([]);
      expect(shownText(await outcome(announcement))).toContain(`Confirmed by <@${bob}>`);
      const reply = await outcome(announcement);
      for (const person of [alice, bob]) expect(JSON.stringify(reply.blocks)).toContain(`"user_id":"${person}"`);
      expect(sent('WKF320')).toEqual(['{"method":"stop"}']);
    },
  },
  {
    promise: 'Keep running, by the requester or by an approver: nothing is sent',
    async check({ type, announced, outcome, press, sent, sandbox }) {
      for (const [workflow, person] of [
        ['WKF330', alice],
        ['WKF331', carol],
      ] as const) {
        sandbox.campaign.addWorkflow(workflow);
        await type(alice, `stop ${workflow}`);
        await press(person, await announced(workflow, 'awaiting_approval'), 'cancel');
        const announcement = await announced(workflow, 'cancelled');
        expect(shownText(announcement)).toContain(`Kept running by <@${person}>.`);
        expect(buttons(announcement)).toEqual([]);
        await outcome(announcement);
        expect(sent(workflow)).toEqual([]);
      }
    },
  },
  {
    promise: 'typed approve and cancel do the same as the buttons; the ID in any case',
    async check({ type, announced, outcome, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF340');
      sandbox.campaign.addWorkflow('WKF341');
      await type(alice, 'stop WKF340');
      const first = await announced('WKF340', 'awaiting_approval');
      expect(await type(bob, `approve ${requestId(first).toLowerCase()}`)).toContain('Recorded your decision');
      await outcome(await announced('WKF340', 'accepted'));
      expect(sent('WKF340')).toEqual(['{"method":"stop"}']);
      await type(alice, 'stop WKF341');
      const second = await announced('WKF341', 'awaiting_approval');
      await type(alice, `cancel ${requestId(second)}`);
      await outcome(await announced('WKF341', 'cancelled'));
      expect(sent('WKF341')).toEqual([]);
    },
  },
  {
    promise: 'rejected and unknown are shown in the channel as well; after an unknown outcome the workflow is probed',
    async check({ type, announced, outcome, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF350');
      await type(alice, 'pause WKF350NOT');
      const rejected = await outcome(await announced('WKF350NOT', 'rejected'));
      expect(rejected.replyBroadcast).toBe(true);
      expect(shownText(rejected)).toContain('Check the ID in Campaign');
      sandbox.campaign.fail('drop_after', { method: 'POST', workflowId: 'WKF350' });
      await type(alice, 'pause WKF350');
      const unknown = await outcome(await announced('WKF350', 'unknown'));
      expect(unknown.replyBroadcast).toBe(true);
      expect(unknown.text).toContain('WKF350 (acme) may be paused or not. Look in Campaign before repeating.');
      expect(shownText(unknown)).toContain('The connection broke');
      expect(shownText(unknown)).toContain('Shows as');
      expect(sent('WKF350')).toEqual(['{"method":"pause"}']);
    },
  },
  {
    promise: 'a 200 that is not Campaign’s is unknown and never accepted; the workflow is probed, nothing sent again',
    async check({ type, announced, outcome, sent, sandbox }) {
      for (const [workflow, fault] of [
        ['WKF351', 'sign_in_200'],
        ['WKF352', 'gateway_200'],
        ['WKF353', 'packed_200'],
      ] as const) {
        sandbox.campaign.addWorkflow(workflow);
        sandbox.campaign.fail(fault, { method: 'POST', workflowId: workflow });
        await type(alice, `pause ${workflow}`);
        const announcement = await announced(workflow, 'unknown');
        expect(announcement.text).not.toContain('Accepted');
        expect((await outcome(announcement)).text).toContain('Shows as');
        expect(sent(workflow)).toEqual(['{"method":"pause"}']);
      }
    },
  },
  {
    promise: 'a proxy’s 404 before the question says nothing about the workflow: the question is asked as usual',
    async check({ type, announced, outcome, press, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF354');
      sandbox.campaign.fail('html_404', { method: 'GET', workflowId: 'WKF354' });
      await type(alice, 'stop WKF354');
      const question = await announced('WKF354', 'awaiting_approval');
      expect(shownText(question)).toContain('could not be read');
      await press(bob, question, 'approve');
      await outcome(await announced('WKF354', 'accepted'));
      expect(sent('WKF354')).toEqual(['{"method":"stop"}']);
    },
  },
  {
    promise: 'after the gateway’s 429 it waits for Retry-After and sends once more; the announcement shows the outcome',
    async check({ type, announced, outcome, sandbox }) {
      sandbox.campaign.addWorkflow('WKF355');
      sandbox.campaign.fail('gateway_429', { method: 'POST', workflowId: 'WKF355' });
      await type(alice, 'pause WKF355');
      await announced('WKF355', 'retrying');
      await outcome(await announced('WKF355', 'accepted'));
      const posts = sandbox.campaign.posts('WKF355');
      expect(posts.map(({ reachedCampaign }) => reachedCampaign)).toEqual([false, true]);
      expect((posts[1]?.at ?? 0) - (posts[0]?.at ?? 0)).toBeGreaterThanOrEqual(1000);
    },
  },
  {
    promise: 'while it waits for a retry, only the requester can cancel it with a button',
    async check({ type, announced, outcome, press, privateReply, sandbox }) {
      sandbox.campaign.addWorkflow('WKF357');
      sandbox.campaign.fail('gateway_503', { method: 'POST', workflowId: 'WKF357', retryAfter: 60 });
      await type(alice, 'pause WKF357');
      const waiting = await announced('WKF357', 'retrying');
      expect(buttons(waiting).map(({ action_id }) => action_id)).toEqual(['cancel_request']);
      expect(shownText(waiting)).toContain('Campaign not reached yet, trying for up to two minutes.');
      await press(bob, waiting, 'cancel');
      await privateReply(bob, `Only <@${alice}> may decide on this.`);
      await press(alice, waiting, 'cancel');
      const ended = await announced('WKF357', 'cancelled');
      await outcome(ended);
      expect(buttons(ended)).toEqual([]);
      expect(sandbox.campaign.posts('WKF357').map(({ reachedCampaign }) => reachedCampaign)).toEqual([false]);
    },
  },
  {
    promise: 'IMS down: nothing is sent, and the outcome says so',
    async check({ type, announced, outcome, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF356');
      sandbox.campaign.revokeTokens();
      sandbox.campaign.fail('ims_down', { times: 5 });
      await type(alice, 'pause WKF356');
      const reply = await outcome(await announced('WKF356', 'not_sent'));
      sandbox.campaign.clearFaults();
      expect(shownText(reply)).toContain('Adobe’s login service (IMS) could not be reached');
      // The first attempt went out with the token that the gateway then refused.
      expect(sandbox.campaign.posts('WKF356').every(({ reachedCampaign }) => !reachedCampaign)).toBe(true);
      expect(sent('WKF356').length).toBeLessThanOrEqual(1);
    },
  },
  {
    promise: 'status shows privately the state in Campaign, and the last requests',
    async check({ type, privateReply, outcome, announced }) {
      await type(alice, 'pause WKF205');
      await outcome(await announced('WKF205', 'accepted'));
      await type(alice, 'status WKF205');
      const reply = await privateReply(alice, 'WKF205 shows as');
      expect(reply.text).toContain('Last requests for it');
      expect(reply.via).toBe('response_url');
      await type(bob, 'status WKF999999');
      await privateReply(bob, 'Campaign knows no workflow WKF999999');
    },
  },
  {
    promise: 'history lists the last requests of this channel, privately, to those who may see them',
    async check({ type, privateReply }) {
      await type(alice, 'start WKFHISTORY one of them');
      await type(alice, 'history WKFHISTORY');
      const reply = await privateReply(alice, 'Last requests in this channel');
      expect(reply.text).toContain('WKFHISTORY');
      await type(dave, 'history');
      const refused = await privateReply(dave, 'may do this in <#C0OPS>, and you are not among them');
      expect(refused.text).not.toContain('WKFHISTORY');
      await type(alice, 'history');
      const { text } = await privateReply(alice, '⛔ history · ');
      expect(text).toMatch(new RegExp(`⛔ history · .+\\n<@${dave}> · [0-9A-Z]{8} Why: `));
      expect(text).toContain('⛔ refused');
    },
  },
  {
    promise: 'status without a workflow offers those of the channel, and a press shows the status of one, privately',
    async check({ type, announced, outcome, privateReply, slack, sandbox }) {
      sandbox.campaign.addWorkflow('WKF317', 'started');
      await type(alice, 'pause WKF317');
      await outcome(await announced('WKF317', 'accepted'));
      await type(carol, 'status');
      const offered = await privateReply(carol, 'Which workflow?');
      // The other cases have asked for more than ten.
      expect(buttons(offered)).toMatchObject([
        {
          type: 'static_select',
          options: expect.arrayContaining([{ text: plainText('WKF317'), value: 'WKF317 acme' }]),
        },
      ]);
      await slack.pressPrivate({ user: carol, channel: ops, actionId: 'show_status_menu', value: 'WKF317 acme' });
      await privateReply(carol, 'WKF317 in acme');
      await type(dave, 'status');
      const refused = await privateReply(dave, 'may do this in <#C0OPS>, and you are not among them');
      expect(buttons(refused)).toEqual([]);
    },
  },
  {
    promise:
      'a list shows the workflows that somebody may act on here, what Campaign shows, and how the last request ended',
    async check({ type, announced, followUp, privateReply, sandbox }) {
      sandbox.campaign.addWorkflow('WKF318', 'started');
      await type(alice, 'stop WKF318');
      await announced('WKF318', 'awaiting_approval');
      // A start could be queued, and show as being edited, while the other cases have twenty workflows in progress.
      sandbox.campaign.addWorkflow('WKF319', 'started');
      await type(alice, 'pause WKF319');
      await followUp(await announced('WKF319', 'accepted'));
      await type(bob, 'list');
      const { text } = await privateReply(bob, 'Workflows that you may act on here:');
      expect(text).toMatch(/\nWKF319\nPaused or unfinished · ✅ pause · .+\nWKF318\nIn progress · ✋ stop · /);
      await type(dave, 'list');
      expect((await privateReply(dave, 'Nothing can be run from here by you.')).text).not.toContain('WKF31');
    },
  },
  {
    promise: 'help, and the bare command, have examples and show what this person may do here',
    async check({ type, privateReply }) {
      for (const text of ['help', '', '   ']) await type(carol, text);
      const reply = await privateReply(carol, 'What you may do here');
      expect(reply.text).toContain('/campaign-wf status WKF110');
      expect(reply.text).not.toContain('/campaign-wf stop');
      await type(carol, 'access');
      await privateReply(carol, 'you may confirm under: CAMPAIGN_WF_USERS, stop.');
      await type(alice, 'help');
      const { text, blocks } = await privateReply(alice, '/campaign-wf start WKF110');
      expect(text).toContain('Likewise: pause, resume, stop, status');
      expect(text).toContain('access @bob');
      expect(buttons({ blocks }).map(({ action_id }) => action_id)).toEqual(['new_request', 'show_waiting']);
      await type(alice, 'access');
      expect((await privateReply(alice, '“CAMPAIGN_WF_USERS”: start, pause, resume')).text).toContain('S0LEADS');
    },
  },
  {
    promise:
      'the access of another person is shown to people with the right; a refused query is recorded with that person',
    async check({ type, privateReply }) {
      await type(alice, `access <@${gina}|gina>`);
      await privateReply(alice, `In this channel <@${gina}> may not run workflows. Guests`);
      await type(bob, `access <@${alice}|alice>`);
      await privateReply(bob, `In this channel <@${alice}> may, under the first of these rules that fits`);
      await type(dave, `access <@${alice}|alice>`);
      await privateReply(dave, 'and you are not among them');
      await type(alice, 'history');
      const { text } = await privateReply(alice, `⛔ access of <@${alice}> · `);
      expect(text).toMatch(new RegExp(`⛔ access of .+\\n<@${dave}> · `));
    },
  },
  {
    promise: 'a freeze is announced, blocks starts and not stops, shows in help, and is lifted again',
    async check({ type, announced, outcome, press, privateReply, sent, sandbox }) {
      for (const workflow of ['WKF315', 'WKF316']) sandbox.campaign.addWorkflow(workflow, 'editing');
      await type(bob, 'freeze acme 2h wrong audience');
      const freeze = await announced('*', 'accepted');
      expect(shownText(freeze)).toContain('Freeze acme until');
      expect(shownText(await outcome(freeze))).toContain('In force.');
      await type(alice, 'start WKF315');
      const refused = await privateReply(alice, 'Starting and resuming is held until');
      expect(refused.text).toContain(requestId(freeze));
      expect(refused.text).toContain('wrong audience');
      await type(alice, 'help');
      await privateReply(alice, 'acme is frozen until');
      await type(alice, 'stop WKF316');
      await press(bob, await announced('WKF316', 'awaiting_approval'), 'approve');
      await outcome(await announced('WKF316', 'accepted'));
      await type(alice, 'unfreeze acme all is well');
      await outcome(await announced('*', 'accepted'));
      await sandbox.slack.waitFor(({ messages }) => messages.find(({ text }) => text.includes('Lifted.')));
      await type(alice, 'start WKF315');
      await outcome(await announced('WKF315', 'accepted'));
      expect(sent('WKF315')).toHaveLength(1);
      await type(dave, 'freeze acme 2h because');
      await privateReply(dave, 'may freeze all workflows in acme, and you are not among them');
      expect(await type(alice, 'freeze acme 18:00 because')).toContain('does not say until when');
    },
  },
  {
    promise: 'a person without rights gets a reply with whom to ask, and nothing is sent',
    async check({ type, privateReply, sent }) {
      await type(dave, 'start WKF111');
      const { text } = await privateReply(dave, 'may do this in <#C0OPS>, and you are not among them');
      expect(text).toContain(`<@${alice}>`);
      expect(text).not.toContain('acme');
      await type(gina, 'start WKF111');
      await privateReply(gina, 'Guests cannot run workflows');
      expect(sent('WKF111')).toEqual([]);
    },
  },
  {
    promise:
      'in a wrong channel, a shared one, or one without the bot, the reply says why and what to do; nothing is sent',
    async check({ type, privateReply, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF360');
      await type(alice, 'start WKF360', 'C0MKT');
      expect((await privateReply(alice, 'not here.')).text).toContain('<#C0OPS>');
      await type(alice, 'start WKF360', 'C0NOBOT');
      expect((await privateReply(alice, 'campaign-wf is not in this channel')).text).toContain('/invite @campaign-wf');
      await type(alice, 'start WKF360', 'C0SHARED');
      await privateReply(alice, 'shared with another organization');
      expect(sent('WKF360')).toEqual([]);
    },
  },
  {
    promise: 'a typo, a missing workflow, an option in the reason: answered with the acknowledgement, nothing recorded',
    async check({ type, slack }) {
      const announcements = () =>
        slack.workspace.messages.filter(({ metadata }) => metadata?.event_type === 'campaign_wf_request');
      const before = announcements().length;
      expect(await type(alice, 'stpo WKF110')).toContain('Did you mean stop?');
      expect(await type(alice, 'stop')).toContain('needs the ID of a workflow');
      expect(await type(alice, 'stop WKF110 oops --env stage')).toContain('stands inside the reason');
      expect(await type(alice, 'stop WKF110 —env prod')).toContain('There is no environment prod');
      expect(await type(alice, 'approve 12345')).toContain('is not the id of a request');
      expect(await type(bob, 'approve 00000000')).toContain('There is no request 00000000 in this channel');
      expect(announcements()).toHaveLength(before);
    },
  },
  {
    promise: 'several commands in one message: none is executed, and each is repeated as a line to send',
    async check({ type, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF365');
      for (const text of ['pause WKF365\nstop WKF366', 'pause WKF365 wrong list and stop WKF366']) {
        const answer = await type(alice, text);
        expect(answer).toContain('this one holds 2.');
        expect(answer).toMatch(/\/campaign-wf pause WKF365.*\n\/campaign-wf stop WKF366$/);
      }
      expect(await type(alice, 'status WKF365')).toBe('');
      expect(sent('WKF365')).toEqual([]);
    },
  },
  {
    promise: 'a secret in a reason is masked before it is recorded, and its author gets a warning',
    async check({ type, announced, outcome, privateReply, sandbox }) {
      sandbox.campaign.addWorkflow('WKF366');
      await type(alice, 'pause WKF366 Bearer abc123def456 of <@U0BOB|bob>');
      await privateReply(alice, 'looks like a secret in your reason was masked');
      const announcement = await announced('WKF366', 'accepted');
      await outcome(announcement);
      expect(shownText(announcement)).toContain(': Bearer ••• of @bob');
      expect(JSON.stringify(sandbox.slack.workspace.messages)).not.toContain('abc123def456');
    },
  },
  {
    promise: 'a person who is not an approver gets a private reply; the question stays open',
    async check({ type, announced, press, privateReply, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF370');
      await type(alice, 'stop WKF370');
      const question = await announced('WKF370', 'awaiting_approval');
      await press(alice, question, 'approve');
      expect((await privateReply(alice, 'did not count')).text).toContain(
        'somebody else has to confirm it: <!subteam^S0LEADS>. You can press Keep running until it is sent.',
      );
      await press(dave, question, 'cancel');
      await privateReply(dave, 'did not count');
      await press(pat, question, 'approve');
      await privateReply(pat, 'another organization');
      expect(sent('WKF370')).toEqual([]);
      await press(bob, question, 'cancel');
      await announced('WKF370', 'cancelled');
    },
  },
  {
    promise:
      'a second request for a workflow is refused with a link to the first; another stop within ten minutes, too',
    async check({ type, announced, outcome, press, privateReply, sent, sandbox }) {
      // One workflow for the bot, two for Campaign: otherwise Campaign would not have one of them.
      for (const id of ['WKF380', 'wkf380']) sandbox.campaign.addWorkflow(id);
      await type(alice, 'stop WKF380');
      const question = await announced('WKF380', 'awaiting_approval');
      await type(alice, 'start wkf380');
      expect((await privateReply(alice, 'Another request for this workflow is open')).text).toContain(
        question.ts.replace('.', ''),
      );
      await press(bob, question, 'approve');
      await outcome(await announced('WKF380', 'accepted'));
      // While it was not observed as finished.
      sandbox.campaign.fail('rst_500', { method: 'GET', workflowId: 'WKF380' });
      await type(alice, 'stop WKF380');
      await privateReply(alice, 'already sent a stop');
      expect(sent('WKF380')).toEqual(['{"method":"stop"}']);
    },
  },
  {
    promise: 'two people who press Stop workflow at the same time stop it once',
    async check({ type, announced, outcome, press, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF390');
      await type(alice, 'stop WKF390');
      const question = await announced('WKF390', 'awaiting_approval');
      await Promise.all([bob, carol, bob, carol].map((person) => press(person, question, 'approve')));
      await outcome(await announced('WKF390', 'accepted'));
      expect(sent('WKF390')).toEqual(['{"method":"stop"}']);
    },
  },
  {
    promise: 'the same delivery twice, of a command or of a press, counts once',
    async check({ type, announced, outcome, press, sent, sandbox, slack }) {
      sandbox.campaign.addWorkflow('WKF391');
      sandbox.campaign.addWorkflow('WKF392');
      const typed = await slack.command({ user: alice, channel: ops, text: 'pause WKF391' });
      const again = await slack.redeliver(typed);
      expect(again.body).toBe(typed.body);
      await outcome(await announced('WKF391', 'accepted'));
      await slack.redeliver(typed);
      await type(alice, 'stop WKF392');
      const question = await announced('WKF392', 'awaiting_approval');
      const pressed = await press(bob, question, 'approve');
      await slack.redeliver(pressed);
      await outcome(await announced('WKF392', 'accepted'));
      await slack.redeliver(pressed);
      await type(bob, `approve ${requestId(question)}`);
      expect(sent('WKF391')).toEqual(['{"method":"pause"}']);
      expect(sent('WKF392')).toEqual(['{"method":"stop"}']);
      const toBob = slack.workspace.privateReplies.filter(({ text }) => text.includes(requestId(question)));
      expect(toBob.map(({ user, via }) => ({ user, via }))).toEqual([
        { user: alice, via: 'response_url' },
        { user: bob, via: 'ack' },
      ]);
      const announcements = slack.workspace.messages.filter(
        ({ metadata }) =>
          metadata?.event_type === 'campaign_wf_request' && metadata.event_payload.workflow_id === 'WKF391',
      );
      expect(announcements).toHaveLength(1);
    },
  },
  {
    promise: 'a press on an outdated screen, with a foreign value or in another channel does nothing and is answered',
    async check({ type, announced, press, privateReply, sent, slack, sandbox }) {
      sandbox.campaign.addWorkflow('WKF393');
      await type(alice, 'stop WKF393');
      const question = await announced('WKF393', 'awaiting_approval');
      await press(bob, question, 'approve', 'no such id');
      await privateReply(bob, 'There is no request no such id');
      const otherMessage = slack.say({ user: alice, channel: 'C0MKT', text: 'hello' });
      await press(bob, otherMessage, 'approve', requestId(question));
      await privateReply(bob, `There is no request ${requestId(question)}`);
      await press(bob, question, 'cancel');
      const ended = await announced('WKF393', 'cancelled');
      await press(carol, ended, 'approve', requestId(ended));
      await privateReply(carol, 'no longer waiting for that');
      expect(sent('WKF393')).toEqual([]);
    },
  },
  {
    promise: 'a payload of another workspace is refused and recorded; nothing is sent',
    async check({ slack, sent, announced, type, privateReply, sandbox }) {
      sandbox.campaign.addWorkflow('WKF394');
      await slack.command({ user: alice, channel: ops, text: 'start WKF394', teamId: 'T0OTHER' });
      await privateReply(alice, 'People of another workspace cannot run workflows here');
      await type(alice, 'stop WKF394');
      const question = await announced('WKF394', 'awaiting_approval');
      const { channel, ts } = question;
      await slack.press({ user: bob, channel, ts, actionId: 'approve_request', teamId: 'T0OTHER' });
      await privateReply(bob, 'People of another workspace');
      await slack.press({ user: alice, channel, ts, actionId: 'cancel_request' });
      await announced('WKF394', 'cancelled');
      expect(sent('WKF394')).toEqual([]);
      await type(alice, 'history WKF394');
      const { text } = await privateReply(alice, `A decision of <@${bob}> did not count`);
      expect(text).toContain('⛔ start WKF394 ');
    },
  },
  {
    promise: 'a workflow that was stopped and observed as finished, or started again, can be stopped again at once',
    async check({ type, announced, outcome, press, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF396');
      for (const times of [1, 2]) {
        await type(alice, 'stop WKF396');
        await press(bob, await announced('WKF396', 'awaiting_approval'), 'approve');
        await sandbox.campaign.waitFor(() => sent('WKF396').length === times);
        await outcome(await announced('WKF396', 'accepted'));
        await sandbox.campaign.waitFor(() => sandbox.campaign.workflow('WKF396')?.state === 'finished');
      }
    },
  },
  {
    promise: 'a person for whom no private reply is possible gets a direct message',
    async check({ type, press, announced, slack, sandbox }) {
      sandbox.campaign.addWorkflow('WKF397');
      slack.fail('response_url', { kind: 'http', status: 500 });
      await type(alice, 'status WKF397');
      const directMessage = (user: string, words: string) =>
        slack.waitFor(({ messages }) =>
          messages.find(({ channel, text }) => channel === directChannelId(user) && text.includes(words)),
        );
      await directMessage(alice, 'WKF397 shows as');
      slack.clearFaults();
      slack.fail('response_url', { kind: 'http', status: 404, body: 'expired_url' });
      await slack.command({ user: alice, channel: ops, text: 'stop WKF397' });
      const question = await announced('WKF397', 'awaiting_approval');
      const asked = await directMessage(alice, `|${requestId(question)}>`);
      expect(asked.text).toMatch(/^Asked: <https:/);
      await press(dave, question, 'approve');
      await directMessage(dave, 'did not count');
      await press(dave, question, 'approve', '00000000');
      await directMessage(dave, 'There is no request 00000000');
      slack.clearFaults();
      await press(bob, question, 'cancel');
      await announced('WKF397', 'cancelled');
    },
  },
  {
    promise: 'presses that do not count delay nobody, also while their replies are slow',
    async check({ type, press, announced, outcome, slack, sent, sandbox }) {
      sandbox.campaign.addWorkflow('WKF398');
      await type(alice, 'stop WKF398');
      const question = await announced('WKF398', 'awaiting_approval');
      const presses: string[] = [];
      const answered = () =>
        slack.workspace.privateReplies.filter(({ responseUrl }) => presses.includes(responseUrl ?? '')).length;
      const { promise: later, resolve: release } = Promise.withResolvers<void>();
      slack.fail('response_url', { kind: 'held', until: later });
      for (let click = 0; click < 3; click++) presses.push((await press(dave, question, 'approve')).responseUrl);
      await press(bob, question, 'approve');
      await outcome(await announced('WKF398', 'accepted'));
      expect(answered()).toBe(0);
      slack.clearFaults();
      release();
      await slack.waitFor(() => answered() === 3);
      expect(sent('WKF398')).toEqual(['{"method":"stop"}']);
    },
  },
  {
    promise: 'a button that the bot no longer uses is answered as well',
    async check({ slack, privateReply, type, announced, press, sandbox }) {
      sandbox.campaign.addWorkflow('WKF399');
      await type(alice, 'stop WKF399');
      const question = await announced('WKF399', 'awaiting_approval');
      const { channel, ts } = question;
      await slack.press({ user: carol, channel, ts, actionId: 'of_an_older_version', value: 'x' });
      await privateReply(carol, 'does nothing any more');
      await press(alice, question, 'cancel');
    },
  },
  {
    promise: 'typed text stays text: no mention, no link, no markup',
    async check({ type, announced, outcome, sandbox }) {
      const markup = 'WKF1 <!channel> & *x* <https://evil|click>';
      sandbox.campaign.addWorkflow('WKF395');
      await type(alice, `pause WKF395 because ${markup}`);
      const announcement = await announced('WKF395', 'accepted');
      expect(shownText(announcement)).toContain('because WKF1 @channel & *x* https://evil');
      expect(shownText(announcement)).toContain('because WKF1 @channel & *x* https://evil');
      expect(announcement.text).not.toContain('<!channel');
      expect(JSON.stringify(announcement.blocks)).not.toContain('"type":"link"');
      await outcome(announcement);
    },
  },
  {
    promise:
      'waiting: a lead decides in a private message, anywhere, what is asked in a channel of which the lead is a member',
    async check({ type, ask, announced, outcome, sent, sandbox, slack }) {
      sandbox.campaign.addWorkflow('WKF380');
      await type(alice, 'stop WKF380 wrong audience');
      const id = requestId(await announced('WKF380', 'awaiting_approval'));
      // The bot records the question a moment after it is visible.
      const waiting = await repeatedly(async () => {
        const reply = await ask(bob, 'waiting', 'C0MKT');
        return reply.text.includes('WKF380') ? reply : null;
      });
      expect(waiting.text).toContain(`|${id}>`);
      const shown = buttons(waiting).filter(({ value }) => value === id);
      expect(shown.map(({ action_id }) => action_id)).toEqual(['approve_request', 'cancel_request']);
      const pressed = { user: bob, channel: 'C0MKT', actionId: 'approve_request', value: id };
      await Promise.all([slack.pressPrivate(pressed), slack.pressPrivate(pressed)]);
      const announcement = await announced('WKF380', 'accepted');
      expect(shownText(await outcome(announcement))).toContain('Confirmed by');
      expect(sent('WKF380')).toEqual(['{"method":"stop"}']);
      await slack.waitFor(() => waiting.text.includes('Recorded your decision') || undefined);
    },
  },
];

const plainText = (text: string) => ({ type: 'plain_text', text });

/** Asks again until there is an answer. */
async function repeatedly<T>(ask: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
  }
}
