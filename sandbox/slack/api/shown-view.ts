import type { Workspace } from '../workspace.ts';

type Shown = {
  readonly id: string;
  readonly hash: string;
  readonly view: {
    readonly type: string;
    readonly blocks: unknown;
    readonly private_metadata?: string | undefined;
    readonly callback_id?: string | undefined;
  };
};

/** A view as Slack returns it to apps: all of a home (https://docs.slack.dev/reference/methods/views.publish), and what a modal has in common with it. */
export function shownView({ team, bot }: Workspace, { id, hash, view }: Shown): Record<string, unknown> {
  return {
    id,
    team_id: team.id,
    type: view.type,
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
