import type { Delivery } from '../slack/delivery/deliver.ts';
import { NotDeliveredError } from '../slack/delivery/interaction.ts';
import { ImpossibleActionError } from '../slack/impossible-action.ts';
import type { Action } from './actions.ts';
import type { Result } from './snapshot.ts';
import { BotRefusedError, type Stage } from './stage.ts';

const minuteMs = 60 * 1000;
const dayMs = 24 * 60 * minuteMs;

/** Performs an action of the page. A failure is a text for the person. */
export async function performAction(stage: Stage, action: Action): Promise<Result> {
  try {
    return await attempt(stage, action);
  } catch (error) {
    if (error instanceof ImpossibleActionError || error instanceof BotRefusedError) return failed(error.message);
    if (error instanceof NotDeliveredError) return failed(unanswered);
    throw error;
  }
}

const done: Result = { ok: true };

const unanswered = 'campaign-wf did not answer in time. Check whether the bot is running, and try again.';

function failed(problem: string): Result {
  return { ok: false, problem };
}

async function attempt(stage: Stage, action: Action): Promise<Result> {
  const { slack, campaign } = stage.sandbox;
  switch (action.type) {
    case 'write':
      return write(stage, action);
    case 'press':
      return acknowledged(await (action.isPrivate ? pressPrivately(stage, action) : press(stage, action)));
    case 'open home':
      return acknowledged(await slack.openHome({ user: action.as }));
    case 'press at home': {
      const { as: user, actionId, value } = action;
      return acknowledged(await slack.pressAtHome({ user, actionId, ...(value !== undefined && { value }) }));
    }
    case 'shortcut': {
      const { as: user, channel, ts, callbackId } = action;
      return acknowledged(await slack.shortcut({ user, channel, ts, callbackId }));
    }
    case 'suggest': {
      const { as: user, viewId, actionId, query } = action;
      return { ok: true, options: await slack.suggest({ user, viewId, actionId, query }) };
    }
    case 'fill': {
      const { as: user, viewId, values } = action;
      const told = await slack.fill({ user, viewId, values });
      return told.map(acknowledged).find(({ ok }) => !ok) ?? done;
    }
    case 'submit': {
      const { as: user, viewId, values } = action;
      return acknowledged(await slack.submit({ user, viewId, values }));
    }
    case 'close':
      await slack.closeView({ user: action.as, viewId: action.viewId });
      return done;
    case 'break':
      stage.setBroken(action.name, action.isOn);
      return done;
    case 'expire tokens':
      campaign.revokeTokens();
      return done;
    case 'turn clock':
      await stage.turnClock(action.minutes * minuteMs);
      return done;
    case 'let days pass':
      campaign.letPass(action.days * dayMs);
      return done;
    case 'let fail':
      campaign.addWorkflow(action.workflow, 'erroneous');
      return done;
    case 'kill':
      if (action.when === 'now') await stage.kill();
      else stage.killAtNextCall();
      return done;
    case 'set rules':
      await stage.setRules(action.text);
      return done;
    default:
      return action satisfies never;
  }
}

const slashCommand = /^\/campaign-wf(?:\s+|$)/;

async function write({ sandbox: { slack } }: Stage, { as: user, channel, text }: Action & { type: 'write' }) {
  if (slashCommand.test(text)) {
    return acknowledged(await slack.command({ user, channel, text: text.replace(slashCommand, '') }));
  }
  if (text.startsWith('/')) return failed(`There is no command ${text.split(/\s/)[0]} here. Try /campaign-wf help.`);
  slack.say({ user, channel, text });
  return done;
}

type Press = Action & { type: 'press' };

function press({ sandbox: { slack } }: Stage, { as: user, channel, ts, actionId }: Press): Promise<Delivery> {
  return slack.press({ user, channel, ts, actionId });
}

function pressPrivately({ sandbox: { slack } }: Stage, { as: user, channel, actionId, value }: Press) {
  return slack.pressPrivate({ user, channel, actionId, ...(value !== undefined && { value }) });
}

/** Slack shows an error to the person where the app's status is not 200. */
function acknowledged({ status }: Delivery): Result {
  return status === 200 ? done : failed(unanswered);
}
