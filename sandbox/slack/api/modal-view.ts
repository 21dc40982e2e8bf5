import type { ViewState } from '../views/view-state.ts';
import type { OpenView, Workspace } from '../workspace.ts';

/** https://docs.slack.dev/reference/methods/views.open#response: a view as Slack returns it to apps. */
export function viewModal({ team, bot }: Workspace, shown: OpenView, values: ViewState): Record<string, unknown> {
  const { id, hash, view } = shown;
  return {
    id,
    team_id: team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    state: { values },
    hash,
    title: view.title,
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: null,
    root_view_id: id,
    app_id: bot.appId,
    external_id: '',
    app_installed_team_id: team.id,
    bot_id: bot.botId,
  };
}
