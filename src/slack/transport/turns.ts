import type { IncomingMessage } from 'node:http';
import bolt, { type App, type ReceiverEvent } from '@slack/bolt';
import { settledWithin } from '../../requests/settled-within.ts';
import { createQueues } from '../queues.ts';
import { isObject } from './slack-body.ts';

/** How many interactions of one person are processed at once, until they are acknowledged. With two, a flood delays the stops of others twice as much. */
const mostOfOnePerson = 1;

/** The default of `longestTurnMs`. */
const defaultLongestTurnMs = 1_000;

/** Slack waits three seconds for an acknowledgement, and then tells the person that it failed (docs.slack.dev/interactivity/implementing-slash-commands). */
const givenUpAfterMs = 3_000;

type AppOptions = NonNullable<ConstructorParameters<typeof App>[0]>;

export type TurnOptions = {
  /** Called for each interaction that is not processed, because Slack gave it up before its turn. */
  readonly givenUp: () => void;
  /** Called for each interaction that was acknowledged, with the time since its arrival in milliseconds. */
  readonly onAcknowledged?: (ms: number) => void;
  /** A turn ends after this time also without an acknowledgement: a stop must not wait longer for the same person's slow form. */
  readonly longestTurnMs?: number;
  /** A monotonic clock, in milliseconds. */
  readonly clock?: () => number;
};

/**
 * Bolt's app, in which one person's interactions take turns, over HTTP and Socket Mode alike: whoever sends hundreds
 * delays only their own, and the others' find the process free. What Slack has given up before its turn is not
 * processed, because the person was told that it failed.
 */
export class TurnTakingApp extends bolt.App {
  readonly #queued = createQueues(mostOfOnePerson);
  readonly #options: TurnOptions;

  constructor(options: AppOptions, turnOptions: TurnOptions) {
    super(options);
    this.#options = turnOptions;
  }

  override async processEvent(event: ReceiverEvent): Promise<void> {
    const person = personIn(event.body);
    if (person === null) return super.processEvent(event);
    const {
      givenUp,
      onAcknowledged,
      longestTurnMs = defaultLongestTurnMs,
      clock = () => performance.now(),
    } = this.#options;
    const arrivedAt = clock();
    let processed = Promise.resolve();
    await this.#queued(person, async () => {
      if (isGone(event) || clock() - arrivedAt >= givenUpAfterMs) return givenUp();
      const acknowledged = Promise.withResolvers<void>();
      const ack: ReceiverEvent['ack'] = async (response) => {
        await event.ack(response).finally(acknowledged.resolve);
        onAcknowledged?.(clock() - arrivedAt);
      };
      processed = super.processEvent({ ...event, ack });
      await settledWithin(longestTurnMs, Promise.race([acknowledged.promise, processed]));
    });
    await processed;
  }
}

/** The user of a command or an interaction. */
function personIn({ user, user_id }: ReceiverEvent['body']): string | null {
  const id: unknown = isObject(user) ? user.id : user_id;
  return typeof id === 'string' ? id : null;
}

/** For the HTTP receiver: lets an event show whether its connection has ended. */
export function connectionOf({ socket }: IncomingMessage): { readonly isGone: () => boolean } {
  return { isGone: () => socket.destroyed };
}

/** Slack closes the connection when it gives a request up. An envelope of Socket Mode has no connection of its own. */
function isGone({ customProperties }: ReceiverEvent): boolean {
  return customProperties?.isGone?.() ?? false;
}
