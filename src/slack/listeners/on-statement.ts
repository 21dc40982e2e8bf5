import type { BlockAction, SlackActionMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { Statement } from '../form/statement-view.ts';
import type { ListenerPorts } from '../listener-ports.ts';
import { acknowledged, deliver, inKnownLanguageOf, logFault, sendReply } from './answering.ts';
import { askForStatement, statementSubmitted } from './ask-statement.ts';
import { pressedInHome } from './home.ts';
import { pressedBody } from './interaction.ts';

/**
 * The decision counts with its words: a dialog asks for them.
 *
 * @param pressWithoutWords for a press that cannot count in any case
 */
export async function onStatement(
  statement: Statement,
  { body, ack }: Pick<SlackActionMiddlewareArgs<BlockAction>, 'body' | 'ack'>,
  ports: ListenerPorts,
  pressWithoutWords: () => Promise<void>,
): Promise<void> {
  const inHome = pressedInHome(body);
  const { user, trigger_id: interaction, response_url } = body;
  if (response_url) ports.replies.remember(interaction, response_url);
  const localized = inKnownLanguageOf(user.id, ports);
  const asked = ports.inFlight.isDraining()
    ? false
    : await askForStatement(statement, inHome ?? pressedBody.parse(body), localized).catch((error: unknown) => {
        logFault(error, ports);
        return false;
      });
  if (asked === false) return pressWithoutWords();
  ports.count.arrived('press');
  await acknowledged(ack, ports);
  if (asked !== true) await deliver({ person: user.id, interaction }, asked, ports);
}

/** The dialog stays open with its contents if the decision could not be recorded. */
export async function onStatementSent(
  statement: Statement,
  { body, ack }: Pick<SlackViewMiddlewareArgs<ViewSubmitAction>, 'body' | 'ack'>,
  ports: ListenerPorts,
): Promise<void> {
  ports.count.arrived('form');
  const { answer, interaction } = await statementSubmitted(statement, body, body.user.id, ports);
  if (answer.kind === 'wrong') {
    await acknowledged(() => ack({ response_action: 'errors', errors: { ...answer.errors } }), ports);
    return;
  }
  await acknowledged(ack, ports);
  const { reply, home } = answer;
  if (reply !== null) await sendReply({ person: body.user.id, interaction }, reply, ports);
  if (home !== null) await ports.homes.show(body.user.id, await home.note);
}
