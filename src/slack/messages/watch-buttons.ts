import type { Verb } from '../../commands/command.ts';
import type { Phrase } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { Order } from '../../requests/events.ts';
import type { Condition } from '../../requests/watches/condition.ts';
import type { WatchTerms } from '../../requests/watches/watch-terms.ts';
import { alertActions } from '../names.ts';
import type { Button } from '../render.ts';
import { briefWorkflow, type MessageContext, spokenLabel } from './message-context.ts';

/** The commands that fit what an alert shows. */
const commandsFor: Readonly<Record<Condition, readonly Verb[]>> = {
  normal: [],
  finished: ['start'],
  warning: ['resume', 'stop'],
  erroneous: ['start', 'stop'],
  long: ['stop'],
  late: [],
  not_shown: [],
  not_found: [],
  unread: [],
};

/** Each command is asked for like a typed one. @param isMuted nobody needs to mute it then */
export function alertButtons(
  shown: Condition,
  terms: WatchTerms,
  isMuted: boolean,
  context: MessageContext,
): readonly Button[] {
  if (shown === 'normal') return [];
  const { translator } = context;
  const button = buttonOn(terms, context);
  const commands = commandsFor[shown].map((verb): Button => {
    const label =
      verb === 'start' ? translator.translate('button.start_again') : translator.translate('button.approve', { verb });
    return { ...button(alertActions[verb], label), ...(verb === 'stop' && { style: 'danger' }) };
  });
  return isMuted ? commands : [...commands, button(alertActions.mute, translator.translate('button.mute'))];
}

/** *Resume* and *Leave it*. */
export function reminderButtons(terms: WatchTerms, context: MessageContext): readonly Button[] {
  const { translator } = context;
  const button = buttonOn(terms, context);
  return [
    { ...button(alertActions.resume, translator.translate('button.approve', { verb: 'resume' })), style: 'primary' },
    button(alertActions.leave_paused, translator.translate('button.leave_paused')),
  ];
}

function buttonOn(terms: WatchTerms, context: MessageContext) {
  const about = briefWorkflow(watchedOrder(terms), context);
  const value = `${terms.organization}/${terms.workflowId}`;
  return (actionId: string, label: Phrase): Button => ({
    ...{ actionId, value, label: plain(label) },
    spoken: spokenLabel(plain(label), about, context),
  });
}

/** The workflow in the value of a button. */
export function watchedWorkflow(value: string): Pick<WatchTerms, 'organization' | 'workflowId'> {
  const [organization = '', ...rest] = value.split('/');
  return { organization, workflowId: rest.join('/') };
}

/** As an order for it would name the workflow. */
export function watchedOrder({
  organization,
  environment,
  workflowId,
  alias,
}: Pick<WatchTerms, 'organization' | 'environment' | 'workflowId' | 'alias'>): Order {
  return { verb: 'status', workflowId, alias, environment, organization, reason: '' };
}
