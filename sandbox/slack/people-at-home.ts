import { shownView } from './api/shown-view.ts';
import type { SlackContext } from './context.ts';
import { unseen } from './delivery/acknowledgements.ts';
import { findButtons } from './delivery/block-action.ts';
import type { Interaction } from './delivery/interaction.ts';
import { userAndTeam, VERIFICATION_TOKEN } from './delivery/payload-parts.ts';
import { ImpossibleActionError, personOf } from './impossible-action.ts';
import { directChannel } from './messages.ts';
import { randomId } from './random-id.ts';
import { findHome } from './views/shown-home.ts';

export type OpenedHome = {
  user: string;
  /** Of the workspace in which it is opened. Default: the app's own. */
  teamId?: string;
};

export type PressedAtHome = {
  user: string;
  actionId: string;
  /** Which of several buttons with that name. Default: the first one. */
  value?: string;
  /** Sent in place of the button's own value: a changed client. */
  forged?: string;
  triggerId?: string;
  teamId?: string;
};

/** https://docs.slack.dev/reference/events/app_home_opened: with the view, where one was published before. */
export function openedHome(context: SlackContext, { user: id, teamId }: OpenedHome): Interaction {
  const { workspace, now } = context;
  const user = personOf(workspace, id);
  if (!context.homeTab) throw new ImpossibleActionError('The app has no Home tab.');
  const shown = findHome(workspace, id);
  const at = context.nextTs();
  const payload = {
    token: VERIFICATION_TOKEN,
    team_id: teamId ?? workspace.team.id,
    api_app_id: workspace.bot.appId,
    event: {
      type: 'app_home_opened',
      user: user.id,
      channel: directChannel(context, user).id,
      tab: 'home',
      event_ts: at,
      ...(shown && { view: shownView(workspace, shown) }),
    },
    type: 'event_callback',
    event_id: `Ev0${randomId(8).toUpperCase()}`,
    event_time: Math.floor(now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: workspace.bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
  return { type: 'events_api', triggerId: '', responseUrl: '', payload, acknowledged: unseen(context, 'an event') };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: a home has a view, no channel and no response_url. */
export function pressedAtHome(context: SlackContext, pressed: PressedAtHome): Interaction {
  const { workspace } = context;
  const user = personOf(workspace, pressed.user);
  const { actionId, value, forged, teamId = null } = pressed;
  const shown = findHome(workspace, user.id);
  const found = findButtons(shown?.view.blocks ?? [], actionId).find(
    ({ button }) => value === undefined || button.value === value,
  );
  if (shown === undefined || found === undefined)
    throw new ImpossibleActionError(`The home of ${user.id} has no button ${actionId} ${value ?? ''}.`);
  const { button, blockId } = found;
  const triggerId = context.triggers.issue({ user: user.id, teamId }, pressed.triggerId);
  const payload = {
    type: 'block_actions',
    ...userAndTeam(workspace, { user, teamId }),
    api_app_id: workspace.bot.appId,
    token: VERIFICATION_TOKEN,
    container: { type: 'view', view_id: shown.id },
    trigger_id: triggerId,
    view: shownView(workspace, shown),
    actions: [
      { ...button, ...(forged !== undefined && { value: forged }), block_id: blockId, action_ts: context.nextTs() },
    ],
  };
  return { type: 'interactive', triggerId, responseUrl: '', payload, acknowledged: unseen(context, 'a button') };
}
