import type { PretendCampaign } from '../campaign/pretend-campaign.ts';
import { findHome } from '../slack/views/shown-home.ts';
import {
  type Channel,
  directChannelId,
  findUser,
  hasBot,
  isDirect,
  type Message,
  type PrivateReply,
  type User,
  type Workspace,
} from '../slack/workspace.ts';
import { BREAKAGE_NAMES } from './breakages.ts';
import { offersFor } from './offers.ts';
import { people } from './people.ts';
import { shownRequests } from './shown-requests.ts';
import type { CampaignSide, Entry, Named, OpenModal, Place, Snapshot } from './snapshot.ts';
import type { Stage } from './stage.ts';

/** The number of messages and private replies that are shown. */
const mostEntries = 400;

/** The name in the manifest. */
const shortcuts: Snapshot['shortcuts'] = [{ callbackId: 'act_on_workflow', name: 'Repeat or act on this' }];

const first = 'U0ALICE';

/** The page's current contents for this person, or for Alice where the name is unknown. */
export function takeSnapshot(stage: Stage, as: string | null): Snapshot {
  const { slack, campaign } = stage.sandbox;
  const { workspace } = slack;
  const me = people.find(({ id }) => id === as)?.id ?? first;
  const channels = placesOf(workspace, me);
  return {
    mode: stage.mode,
    me,
    people,
    known: known(workspace),
    channels,
    offers: offersFor(
      { rules: stage.rules(), workspace, campaign, now: Date.now() + stage.sandbox.aheadMs() },
      me,
      channels,
    ),
    entries: entriesFor(workspace, me, new Set(channels.map(({ id }) => id))),
    home: findHome(workspace, me)?.view.blocks ?? null,
    modal: modalOf(workspace, me),
    shortcuts,
    bot: stage.bot(),
    aheadMs: stage.sandbox.aheadMs(),
    campaign: campaignSide(campaign),
    breakages: BREAKAGE_NAMES.map((name) => ({ name, isOn: stage.broken().has(name) })),
    rules: stage.rules(),
    mistakes: workspace.mistakes,
  };
}

function known({ users, channels, groups }: Workspace): Snapshot['known'] {
  const named = ({ id, name }: Named): Named => ({ id, name });
  return {
    users: users.map(named),
    channels: channels.filter(({ id }) => !isDirect(id)).map(named),
    groups: groups.map(({ id, handle }) => ({ id, name: handle })),
  };
}

/** The direct messages with the bot exist before the first message. */
function placesOf(workspace: Workspace, me: string): readonly Place[] {
  const joined = workspace.channels.filter(({ id, members }) => members.includes(me) && !isDirect(id));
  const direct: Place = { id: directChannelId(me), name: workspace.bot.name, kind: 'direct', hasBot: true };
  return [...joined.map((channel) => placeOf(workspace, channel)), direct];
}

function placeOf(workspace: Workspace, channel: Channel): Place {
  const { id, name, isPrivate, isExtShared } = channel;
  const kind = isExtShared ? 'shared' : isPrivate ? 'private' : 'public';
  return { id, name, kind, hasBot: hasBot(workspace, channel) };
}

function entriesFor(workspace: Workspace, me: string, places: ReadonlySet<string>): readonly Entry[] {
  const posted = workspace.messages.filter(({ channel }) => places.has(channel)).slice(-mostEntries);
  const replies = workspace.privateReplies.filter(({ user }) => user === me).slice(-mostEntries);
  const entries = [
    ...posted.map((message) => entryOf(message, findUser(workspace, message.userId))),
    ...replies.map((reply) => privateEntryOf(reply, workspace.bot.name)),
  ];
  return entries.sort((one, other) => one.at - other.at);
}

function entryOf(message: Message, author: User | undefined): Entry {
  const { channel, ts, threadTs, text, blocks, userId } = message;
  return {
    channel,
    ts,
    threadTs,
    at: Number(ts) * 1000,
    author: author?.name ?? userId,
    isApp: message.botId !== null,
    text,
    blocks,
    isPrivate: false,
    isEdited: message.edited !== null,
    isBroadcast: message.replyBroadcast,
  };
}

function privateEntryOf({ channel, ts, threadTs, at, text, blocks }: PrivateReply, author: string): Entry {
  return {
    channel,
    ts,
    threadTs,
    at,
    author,
    isApp: true,
    text,
    blocks,
    isPrivate: true,
    isEdited: false,
    isBroadcast: false,
  };
}

/** The last one that was opened. */
function modalOf({ views }: Workspace, me: string): OpenModal | null {
  const shown = views.findLast(({ user }) => user === me);
  if (shown === undefined) return null;
  const { id, view, values, errors } = shown;
  return { id, view, values, errors };
}

/** The pretend Campaign's clock may be ahead; times on the page use this machine's. */
function campaignSide(campaign: PretendCampaign): CampaignSide {
  const aheadMs = campaign.now() - Date.now();
  return {
    url: campaign.apiUrl,
    workflows: campaign.workflows().map(({ id, organization, state, logicalStatus, since }) => ({
      id,
      organization,
      state,
      logicalStatus,
      since: since - aheadMs,
    })),
    requests: shownRequests(campaign.requests, campaign.tokenRequests),
  };
}
