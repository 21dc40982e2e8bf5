import type { ViewState } from '../views/view-state.ts';
import type { OpenView, Workspace } from '../workspace.ts';
import { shownView } from './shown-view.ts';

/** https://docs.slack.dev/reference/methods/views.open#response: a view as Slack returns it to apps. */
export function viewModal(workspace: Workspace, shown: OpenView, values: ViewState): Record<string, unknown> {
  const { view } = shown;
  return {
    ...shownView(workspace, shown),
    state: { values },
    title: view.title,
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    close: view.close ?? null,
    submit: view.submit ?? null,
  };
}
