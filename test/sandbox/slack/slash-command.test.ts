import { expect, it } from '@jest/globals';
import { escapeTyped } from '../../../sandbox/slack/delivery/slash-command.ts';
import { createWorkspace } from '../../../sandbox/slack/seed.ts';

it.each([
  ['a person', 'ask @bob now', 'ask <@U0BOB> now'],
  ['a person at the end of a sentence', 'ask @Bob.', 'ask <@U0BOB>.'],
  ['a group', 'ask @leads', 'ask <!subteam^S0LEADS|@leads>'],
  ['everybody', 'wake @here', 'wake <!here>'],
  ['a channel', 'see #ops', 'see <#C0OPS|ops>'],
  ['a private channel, without its name', 'see #leads', 'see <#G0LEADS|>'],
  ['an address', 'see https://example.com/?a=1&b=2', 'see https://example.com/?a=1&amp;b=2'],
  ['unknown names', 'ask @zoe in #nowhere', 'ask @zoe in #nowhere'],
  ['an e-mail address', 'mail me@bob', 'mail me@bob'],
  ['characters of markup', 'a < b && c > d', 'a &lt; b &amp;&amp; c &gt; d'],
  ['a mention written by hand', '<@U0BOB> <!channel>', '&lt;@U0BOB&gt; &lt;!channel&gt;'],
])('escapes %s as Slack does', (_what, typed, escaped) => {
  expect(escapeTyped(createWorkspace(), typed)).toBe(escaped);
});
