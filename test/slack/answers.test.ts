import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { type SimpleLists, simplePolicy } from '../../src/access/simple-policy.ts';
import { parseCommand } from '../../src/commands/parse-command.ts';
import type { Event, Observation } from '../../src/requests/events.ts';
import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import { openLedger } from '../../src/requests/ledger/open-ledger.ts';
import type { PostProblem } from '../../src/requests/reasons.ts';
import type { Request } from '../../src/requests/request.ts';
import type { Sources } from '../../src/slack/answers/asking.ts';
import { accessMessage, helpMessage } from '../../src/slack/answers/help.ts';
import { historyMessage, statusMessage } from '../../src/slack/answers/reading.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { referTo } from '../../src/slack/references.ts';
import { slackReasons } from '../locales/closed-sets.ts';
import { ledgerOptions } from '../requests/ledger/ledger.fixture.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';
import {
  confirmed,
  ended,
  everyEnd,
  notReached,
  observations,
  sending,
  told,
  unasked,
  waiting,
} from './every-request.ts';
import { expectToSaySomething, linesOf, takenBySlack } from './shown-text.ts';
import { voice, voices } from './voices.ts';

const people = (users: string[], groups: string[] = []) => ({ users: new Set(users), groups: new Set(groups) });
const lists: SimpleLists = {
  channels: new Set(['C0OPS', 'C0NOBOT', 'C0SHARED']),
  users: people(['U0ALICE', 'U0GINA', 'U0PAT', 'U0ROBOT', 'U0GONE']),
  approvers: people([], ['S0LEADS']),
  confirmWithinMs: 90_000,
};
const silence = { info: () => {}, warn: () => {}, error: () => {} };

let slack: PretendSlack;
let ledger: Ledger;
let requests: readonly Request[];
let seen: Observation;

beforeEach(async () => {
  slack = await startPretendSlack();
  ledger = await openLedger(ledgerOptions({ kind: 'sqlite', path: ':memory:' }, Date.now));
  requests = [];
  seen = { kind: 'not_shown' };
});
afterEach(async () => {
  await ledger.close();
  await slack.close();
});

/** Everything real but the requests of the ledger and what Campaign shows. */
function sources(changes: Partial<SimpleLists> = {}): Sources {
  const rules = simplePolicy({ ...lists, ...changes });
  return {
    ledger: { ...ledger, recent: async () => requests },
    directory: createDirectory(clientOf(slack), 'T0ACME', silence),
    policy: () => rules,
    campaign: () => ({ send: () => Promise.reject(new Error('nothing is sent')), look: async () => seen }),
    organizationOf: () => 'acme',
    voice: async (named) => ({ ...voice, refer: await referTo(clientOf(slack), named) }),
  };
}

const alice = { person: 'U0ALICE', channel: 'C0OPS' };
const status = {
  kind: 'status',
  workflow: { id: 'WKF110', alias: null },
  environment: 'acme',
} as const;
const history = { kind: 'history', workflow: null, environment: null } as const;

describe('help', () => {
  it('shows every command by an example that works, and says what this person may do here', async () => {
    const lines = expectToSaySomething(await helpMessage(alice, sources()));
    const vocabulary = { environments: ['acme'], defaultEnvironment: 'acme', aliases: [] };
    const examples = lines.flatMap(
      (line) => /^\/campaign-wf (?<example>[^:]+): \p{L}/u.exec(line)?.groups?.example ?? [],
    );
    const kinds = examples.map((example) => {
      const parsed = parseCommand(example, vocabulary);
      return parsed.ok && (parsed.command.kind === 'change' ? parsed.command.verb : parsed.command.kind);
    });
    expect(kinds).toEqual(['start', 'pause', 'resume', 'stop', 'status', 'history', 'access', 'decide', 'decide']);
    expect(lines.slice(-2)).toEqual([
      'In this channel you may: start, pause, resume, stop, status, and history.',
      'A stop needs a confirmation by @S0LEADS, within 2 minutes.',
    ]);
  });
});

describe('access', () => {
  const access = async (person: string, channel = 'C0OPS', changes: Partial<SimpleLists> = {}) =>
    expectToSaySomething(await accessMessage({ person, channel }, sources(changes)));

  it.each([
    ['U0DAVE', 'C0OPS', 'You are not among those who may do this here. Ask @U0ALICE'],
    ['U0ALICE', 'C0MKT', 'campaign-wf does not take this command here. It does in #C0OPS, #C0NOBOT, or #C0SHARED.'],
    ['U0ALICE', 'C0NOBOT', 'Type /invite @campaign-wf here, then try again.'],
    ['U0ALICE', 'C0SHARED', 'This channel is shared with another organization'],
    ['U0GINA', 'C0OPS', 'Guests cannot run workflows.'],
    ['U0PAT', 'C0OPS', 'People of another organization cannot run workflows here.'],
    ['U0ROBOT', 'C0OPS', 'Bots cannot run workflows.'],
    ['U0GONE', 'C0OPS', 'This account is deactivated.'],
  ])('tells %s in %s why not, and what to do about it', async (person, channel, why) => {
    const [line, ...more] = await access(person, channel);
    expect(line).toMatch(/^In this channel you may not run workflows\. /);
    expect(line).toContain(why);
    expect(more).toEqual([]);
  });

  it('tells that nobody is set up, and where to set people up', async () => {
    const nobody = people([]);
    expect(await access('U0ALICE', 'C0OPS', { users: nobody, approvers: nobody })).toEqual([
      'In this channel you may not run workflows. Nobody is set up to do this yet. Ask the people who run campaign-wf to fill CAMPAIGN_WF_USERS.',
    ]);
    const [line] = await access('U0ALICE', 'C0OPS', { channels: new Set() });
    expect(line).toContain('CAMPAIGN_WF_CHANNELS');
  });

  it('tells that Slack did not say who somebody is', async () => {
    slack.fail('users.info', { kind: 'http', status: 500 });
    const [line] = await access('U0ALICE');
    expect(line).toContain('Slack did not say who you are, and without that nothing is permitted.');
  });

  it('tells a requester that their own confirmation is enough where there are no approvers', async () => {
    const lines = await access('U0ALICE', 'C0OPS', { approvers: people([]), confirmWithinMs: 60_000 });
    expect(lines).toContain('A stop needs a confirmation by @U0ALICE, within 1 minute.');
  });

  it('tells an approver who runs nothing that they may confirm a stop', async () => {
    const lines = await access('U0BOB');
    expect(lines.join('\n')).toMatch(/^In this channel you may: status and history\.$/m);
    expect(lines.join('\n')).toMatch(/^You may confirm: stop\.$/m);
  });
});

describe('status', () => {
  it('says what Campaign shows, and what was asked lately', async () => {
    seen = { kind: 'seen', reading: 'in_progress', field: 'state', raw: '11' };
    const { ts = '' } = await clientOf(slack).chat.postMessage({ channel: 'C0OPS', text: 'announcement' });
    const request = told(waiting);
    requests = [{ ...request, announcement: { ...request.announcement, ts } }];
    const message = await statusMessage(status, alice, sources());
    expect(expectToSaySomething(message)).toEqual([
      'WKF110 in acme',
      'Campaign shows WKF110 as In progress (state: 11). This is a best effort: Adobe does not document the field.',
      'Last requests for it in this channel:',
      '{time} · stop WKF110 (prod) · @U0ALICE · waiting for confirmation · [REQUEST1]',
    ]);
    expect(message.text).toContain(`<https://acme.slack.com/archives/C0OPS/p${ts.replace('.', '')}|REQUEST1>`);
  });

  it('says something of everything that Campaign may show', async () => {
    for (const observation of observations) {
      seen = observation;
      expect(expectToSaySomething(await statusMessage(status, alice, sources()))).toHaveLength(2);
    }
  });

  it('refuses who may not look, and shows nothing', async () => {
    requests = [told(waiting)];
    expect(linesOf(await statusMessage(status, { ...alice, person: 'U0DAVE' }, sources()))).toEqual([
      expect.stringMatching(/^You are not among those/),
    ]);
  });
});

describe('history', () => {
  it('says that there is none', async () => {
    expect(linesOf(await historyMessage(history, alice, sources()))).toEqual(['No requests in this channel yet.']);
  });

  it('names every request by its id where there is no link, and says how it stands, in every state', async () => {
    const stories = [[], waiting, unasked, confirmed, [...confirmed, sending], [...confirmed, sending, notReached]];
    const ends = new Map(everyEnd.map(([, request]) => [request.state, request]));
    const each = [...stories.map((events) => told(events)), ...ends.values()];
    expect(new Set(each.map(({ state }) => state)).size).toBe(12);
    for (const request of each) {
      requests = [request];
      const lines = expectToSaySomething(await historyMessage(history, alice, sources()));
      expect(lines[1]).toMatch(/ · (start|stop) WKF110 \(prod\) · @U0ALICE · [a-z ]+ · REQUEST1$/);
      expect(lines[1]).not.toContain('_');
    }
  });

  const problems: readonly PostProblem[] = [...slackReasons, 'rate_limited', 'doubt', 'fault'];

  it.each(problems)('says of an outcome that is not posted yet why it is not, in words: %s', async (reason) => {
    const end = ended('not_sent', { kind: 'too_late' });
    const failed: Event = { type: 'not_posted', data: { message: 'outcome', reason } };
    requests = [told([...unasked, end, failed])];
    const [, line] = expectToSaySomething(await historyMessage(history, alice, sources()));
    expect(line).toMatch(/ · REQUEST1 The outcome could not be posted yet, and is tried again: [A-Za-z’, -]+\.$/);
    requests = [told([...unasked, end, failed, { type: 'reported', data: { via: 'thread', ts: '1.2' } }])];
    expect(linesOf(await historyMessage(history, alice, sources()))[1]).toMatch(/REQUEST1$/);
  });

  it.each(voices)('fits with ten of the longest requests, in $words.locale', async (spoken) => {
    const longest = {
      workflowId: 'W'.repeat(64),
      alias: '&'.repeat(64),
      environment: 'e'.repeat(63),
      reason: '<'.repeat(500),
    };
    const revoked: Event = { type: 'not_posted', data: { message: 'outcome', reason: 'token_revoked' } };
    requests = Array.from({ length: 10 }, () => told([...waiting, revoked], longest));
    const message = await historyMessage(history, alice, { ...sources(), voice: async () => spoken });
    takenBySlack(message);
    expect(linesOf(message)).toHaveLength(11);
    seen = { kind: 'seen', reading: 'warning', field: '&'.repeat(500), raw: '<'.repeat(500) };
    takenBySlack(await statusMessage(status, alice, { ...sources(), voice: async () => spoken }));
  });

  it('refuses who may not look, and shows nothing', async () => {
    requests = [told(waiting)];
    expect(linesOf(await historyMessage(history, { ...alice, channel: 'C0MKT' }, sources()))).toEqual([
      expect.stringMatching(/^campaign-wf does not take this command here/),
    ]);
  });
});
