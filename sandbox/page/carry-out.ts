import type { Delivery } from '../slack/delivery/deliver.ts';
import { NotDeliveredError } from '../slack/delivery/interaction.ts';
import { ImpossibleActionError } from '../slack/impossible-action.ts';
import type { Deed } from './deeds.ts';
import type { Result } from './snapshot.ts';
import { BotRefusedError, type Stage } from './stage.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Does what somebody did on the page; what goes wrong is told in the words that the person reads. */
export async function carryOut(stage: Stage, deed: Deed): Promise<Result> {
  try {
    return await attempt(stage, deed);
  } catch (error) {
    if (error instanceof ImpossibleActionError || error instanceof BotRefusedError) return failed(error.message);
    if (error instanceof NotDeliveredError) return failed(unanswered);
    throw error;
  }
}

const done: Result = { ok: true };

const unanswered = 'campaign-wf did not answer in time. Look whether the bot runs, and try again.';

function failed(problem: string): Result {
  return { ok: false, problem };
}

async function attempt(stage: Stage, deed: Deed): Promise<Result> {
  const { slack, campaign } = stage.sandbox;
  switch (deed.does) {
    case 'write':
      return write(stage, deed);
    case 'press':
      return acknowledged(await (deed.isPrivate ? pressPrivately(stage, deed) : press(stage, deed)));
    case 'shortcut': {
      const { as: user, channel, ts, callbackId } = deed;
      return acknowledged(await slack.shortcut({ user, channel, ts, callbackId }));
    }
    case 'suggest': {
      const { as: user, viewId, actionId, query } = deed;
      return { ok: true, options: await slack.suggest({ user, viewId, actionId, query }) };
    }
    case 'submit': {
      const { as: user, viewId, values } = deed;
      return acknowledged(await slack.submit({ user, viewId, values }));
    }
    case 'close':
      await slack.closeView({ user: deed.as, viewId: deed.viewId });
      return done;
    case 'break':
      stage.breakOrMend(deed.name, deed.isOn);
      return done;
    case 'expire tokens':
      campaign.revokeTokens();
      return done;
    case 'let days pass':
      campaign.letPass(deed.days * dayMs);
      return done;
    case 'kill':
      if (deed.when === 'now') await stage.kill();
      else stage.killAtNextCall();
      return done;
    case 'set rules':
      await stage.setRules(deed.text);
      return done;
    default:
      return deed satisfies never;
  }
}

const slashCommand = /^\/campaign-wf(?:\s+|$)/;

async function write({ sandbox: { slack } }: Stage, { as: user, channel, text }: Deed & { does: 'write' }) {
  if (slashCommand.test(text)) {
    return acknowledged(await slack.command({ user, channel, text: text.replace(slashCommand, '') }));
  }
  if (text.startsWith('/')) return failed(`There is no command ${text.split(/\s/)[0]} here. Try /campaign-wf help.`);
  slack.say({ user, channel, text });
  return done;
}

type Press = Deed & { does: 'press' };

function press({ sandbox: { slack } }: Stage, { as: user, channel, ts, actionId }: Press): Promise<Delivery> {
  return slack.press({ user, channel, ts, actionId });
}

function pressPrivately({ sandbox: { slack } }: Stage, { as: user, channel, actionId, value }: Press) {
  return slack.pressPrivate({ user, channel, actionId, ...(value !== undefined && { value }) });
}

/** Slack tells the person where the app answered with anything but a 200. */
function acknowledged({ status }: Delivery): Result {
  return status === 200 ? done : failed(unanswered);
}
