import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { startPretendSlack } from '../sandbox/slack/pretend-slack.ts';
import { scopes, shortcutId, slashCommand } from '../src/slack/names.ts';
import { clientOf } from './sandbox/slack/quiet-client.ts';

const manifest = z.object({
  features: z.object({
    app_home: z.object({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.object({ display_name: z.string() }),
    slash_commands: z.tuple([
      z.object({ command: z.string(), url: z.url().optional(), usage_hint: z.string(), should_escape: z.boolean() }),
    ]),
    shortcuts: z.tuple([z.object({ type: z.literal('message'), callback_id: z.string() })]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    interactivity: z.object({
      is_enabled: z.boolean(),
      request_url: z.url().optional(),
      message_menu_options_url: z.url().optional(),
    }),
    event_subscriptions: z.object({ request_url: z.url().optional(), bot_events: z.array(z.string()) }),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

async function read(file: string) {
  return manifest.parse(parse(await readFile(new URL(`../${file}`, import.meta.url), 'utf8')));
}

it.each(['manifest.yml', 'manifest.http.yml'])(
  '%s names the command, the shortcut, the scopes and the buttons that the code uses',
  async (file) => {
    const { features, oauth_config, settings } = await read(file);
    expect(features.slash_commands[0].command).toBe(slashCommand);
    expect(features.slash_commands[0].should_escape).toBe(true);
    expect(features.shortcuts[0].callback_id).toBe(shortcutId);
    expect(features.bot_user.display_name).toBe('campaign-wf');
    expect(oauth_config.scopes.bot.toSorted()).toEqual(Object.keys(scopes).toSorted());
    expect(settings.interactivity.is_enabled).toBe(true);
    expect(settings.event_subscriptions.bot_events).toEqual(['app_home_opened']);
    expect(settings.token_rotation_enabled).toBe(false);
  },
);

it.each(['manifest.yml', 'manifest.http.yml'])(
  '%s lets the bot write to people directly, and nobody to the bot',
  async (file) => {
    const { app_home } = (await read(file)).features;
    expect(app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: true,
    });
  },
);

it('each manifest is for its mode: Socket Mode without addresses, HTTP with all of them', async () => {
  const [socket, http] = [await read('manifest.yml'), await read('manifest.http.yml')];
  expect(socket.settings.socket_mode_enabled).toBe(true);
  expect(socket.features.slash_commands[0].url).toBeUndefined();
  expect(http.settings.socket_mode_enabled).toBe(false);
  expect(http.features.slash_commands[0].url).toMatch(/\/slack\/events$/);
  expect(http.settings.interactivity.request_url).toBe(http.features.slash_commands[0].url);
  expect(http.settings.interactivity.message_menu_options_url).toBe(http.features.slash_commands[0].url);
  expect(socket.settings.interactivity.message_menu_options_url).toBeUndefined();
  expect(http.settings.event_subscriptions.request_url).toBe(http.features.slash_commands[0].url);
  expect(socket.settings.event_subscriptions.request_url).toBeUndefined();
});

it('the pretend Slack grants by default what the manifests ask for, no less and no more', async () => {
  const slack = await startPretendSlack();
  const answer = await fetch(`${slack.apiUrl}auth.test`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}` },
  });
  expect(answer.headers.get('x-oauth-scopes')?.split(',').toSorted()).toEqual(Object.keys(scopes).toSorted());
  await slack.close();
});

it('the pretend Slack has the Messages tab by default, as the manifests do', async () => {
  const slack = await startPretendSlack();
  const { channel } = await clientOf(slack).chat.postMessage({ channel: 'U0ALICE', text: 'hello' });
  expect(channel).toBe('D0ALICE');
  await slack.close();
});
