import { viewModal } from '../api/modal-view.ts';
import type { Input } from '../views/inputs.ts';
import type { OpenView, User, Workspace } from '../workspace.ts';
import { userAndTeam, VERIFICATION_TOKEN } from './payload-parts.ts';

type InView = {
  user: User;
  shown: OpenView;
  /** Of the workspace in which it happened; null: the app's own. */
  teamId: string | null;
};

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission */
export function viewSubmissionPayload(workspace: Workspace, submitted: InView & { triggerId: string }) {
  const { shown } = submitted;
  return {
    type: 'view_submission',
    ...identified(workspace, submitted),
    trigger_id: submitted.triggerId,
    view: viewModal(workspace, shown, shown.values),
    response_urls: [],
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_closed */
export function viewClosedPayload(workspace: Workspace, closed: InView) {
  return {
    type: 'view_closed',
    ...identified(workspace, closed),
    view: viewModal(workspace, closed.shown, {}),
    is_cleared: false,
  };
}

/**
 * https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: a choice in a view, with the values of all
 * inputs (https://api.slack.com/changelog/2020-09-full-state-on-view-submisson-and-block-actions).
 */
export function viewActionPayload(
  workspace: Workspace,
  chosen: InView & { input: Input; triggerId: string; actionTs: string },
) {
  const { shown, input, triggerId, actionTs: action_ts } = chosen;
  const { blockId: block_id, actionId: action_id } = input;
  return {
    type: 'block_actions',
    ...identified(workspace, chosen),
    container: { type: 'view', view_id: shown.id },
    trigger_id: triggerId,
    view: viewModal(workspace, shown, structuredClone(shown.values)),
    actions: [{ ...shown.values[block_id]?.[action_id], action_id, block_id, action_ts }],
  };
}

export type Query = InView & { blockId: string; actionId: string; query: string };

/**
 * https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload. The values of the other inputs are not sent
 * while a person types (slackapi/bolt-js#660).
 */
export function blockSuggestionPayload(workspace: Workspace, query: Query) {
  return {
    type: 'block_suggestion',
    ...identified(workspace, query),
    container: { type: 'view', view_id: query.shown.id },
    action_id: query.actionId,
    block_id: query.blockId,
    value: query.query,
    view: viewModal(workspace, query.shown, {}),
  };
}

function identified(workspace: Workspace, inView: InView) {
  return { ...userAndTeam(workspace, inView), api_app_id: workspace.bot.appId, token: VERIFICATION_TOKEN };
}
