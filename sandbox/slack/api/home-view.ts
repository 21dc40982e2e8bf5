import type { ShownHome, Workspace } from '../workspace.ts';

/** https://docs.slack.dev/reference/methods/views.publish: a home as Slack returns it to apps. */
export function viewHome({ team, bot }: Workspace, { id, hash, view }: ShownHome): Record<string, unknown> {
  return {
    id,
    team_id: team.id,
    type: 'home',
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    state: { values: {} },
    hash,
    clear_on_close: false,
    notify_on_close: false,
    close: null,
    submit: null,
    previous_view_id: null,
    root_view_id: id,
    app_id: bot.appId,
    external_id: '',
    app_installed_team_id: team.id,
    bot_id: bot.botId,
  };
}
