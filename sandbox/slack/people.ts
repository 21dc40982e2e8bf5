import type { SlackContext } from './context.ts';
import { type Delivery, deliver } from './delivery/deliver.ts';
import type { Interaction, Seal } from './delivery/interaction.ts';
import {
  type Pressed,
  type PressedPrivately,
  pressedButton,
  privatelyPressedButton,
  type SayInput,
  type Shortcut,
  sayMessage,
  type Typed,
  typedCommand,
  usedShortcut,
} from './people-acting.ts';
import { type OpenedHome, openedHome, type PressedAtHome, pressedAtHome } from './people-at-home.ts';
import {
  type Closed,
  closedView,
  type FilledIn,
  filledIn,
  optionsQuery,
  type Submitted,
  type SuggestInput,
  submittedView,
} from './people-in-modals.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Option } from './views/input-block.ts';
import type { Message } from './workspace.ts';

/** What people do. Each of the promises rejects when the bot does not acknowledge what is delivered to it. */
export type People = {
  /** Types a slash command. */
  command: (typed: Typed) => Promise<Delivery>;
  /** Presses a button of a posted message. Rejects when the button is not there and no value is given. */
  press: (pressed: Pressed) => Promise<Delivery>;
  /** Presses a button, or chooses an option of a menu, of the latest private reply that has it. Rejects when the person was shown none. */
  pressPrivate: (pressed: PressedPrivately) => Promise<Delivery>;
  /** Opens the app's Home tab. Rejects where it is turned off. */
  openHome: (opened: OpenedHome) => Promise<Delivery>;
  /** Presses a button of the person's Home tab. Rejects when it is not there. */
  pressAtHome: (pressed: PressedAtHome) => Promise<Delivery>;
  /** Uses a shortcut of the menu that every message has. */
  shortcut: (used: Shortcut) => Promise<Delivery>;
  /**
   * Types into an `external_select` of a modal, and gives the options that the bot suggests: none where its answer is
   * wrong. Rejects when Slack would not ask the bot, since the query is too short for instance.
   */
  suggest: (input: SuggestInput) => Promise<Option[]>;
  /**
   * Fills in the inputs of a modal. Returns the deliveries of what the bot is told of it. Rejects when an input is not
   * there, or an option is not offered.
   */
  fill: (filled: FilledIn) => Promise<readonly Delivery[]>;
  /**
   * Submits a modal, at once after filling it in. Rejects when Slack would not, since a required input is empty for
   * instance.
   */
  submit: (submitted: Submitted) => Promise<Delivery>;
  /** Closes a modal. Returns null where its view has no `notify_on_close`: the bot is not notified. */
  closeView: (closed: Closed) => Promise<Delivery | null>;
  /** Writes a message, as a person or as another app. */
  say: (input: SayInput) => Message;
};

export function createPeople(context: SlackContext, responseUrls: ResponseUrls, seal: Seal): People {
  const tell = (interaction: Interaction) => deliver(context, seal, interaction);
  const tellAll = async (interactions: readonly Interaction[]) => {
    const deliveries: Delivery[] = [];
    for (const interaction of interactions) deliveries.push(await tell(interaction));
    return deliveries;
  };
  return {
    command: async (typed) => tell(typedCommand(context, responseUrls, typed)),
    press: async (pressed) => tell(pressedButton(context, responseUrls, pressed)),
    pressPrivate: async (pressed) => tell(privatelyPressedButton(context, responseUrls, pressed)),
    openHome: async (opened) => tell(openedHome(context, opened)),
    pressAtHome: async (pressed) => tell(pressedAtHome(context, pressed)),
    shortcut: async (used) => tell(usedShortcut(context, responseUrls, used)),
    suggest: async (input) => {
      const { interaction, offered } = optionsQuery(context, input);
      await tell(interaction);
      return offered();
    },
    fill: async (filled) => tellAll(filledIn(context, filled)),
    submit: async ({ values, ...submitted }) => {
      const filled = values === undefined ? [] : filledIn(context, { ...submitted, values });
      const submission = submittedView(context, submitted);
      await tellAll(filled);
      return tell(submission);
    },
    closeView: async (closed) => {
      const interaction = closedView(context, closed);
      return interaction && tell(interaction);
    },
    say: (input) => sayMessage(context, input),
  };
}
