import { plain, type Translator } from '../../locales/translator.ts';
import type { GivenCheckpoint, LogProblem } from '../../requests/ledger/log/verify-log.ts';
import type { SlackFinding } from './compare-messages.ts';
import { type MessagePlace, type PostedMessage, timeOf } from './posted-message.ts';
import type { ReadChannel, ReadMessages } from './read-messages.ts';

/** What a finding is told with: the language, and the names and links of the channels. */
export type Teller = { readonly translator: Translator } & Pick<ReadMessages, 'channels' | 'linkTo'>;

/** A finding as a line. */
export function describeFinding(finding: SlackFinding, teller: Teller): string {
  const { translate } = teller.translator;
  switch (finding.kind) {
    case 'mismatch': {
      const { message, mismatch } = finding;
      return plain(translate(`verify.message.${mismatch}`, { place: placeOf(message, teller), ...named(message) }));
    }
    case 'nameless':
      return plain(translate('verify.slack.nameless', { place: placeOf(finding.message, teller) }));
    case 'missing': {
      const { request, kind, ts } = finding.expected;
      const where = { channel: nameOf(finding.channel), time: isoTime(timeOf({ ts })), ts };
      return plain(translate('verify.slack.missing', { request, kind, ...where }));
    }
    case 'other_author': {
      const { message, expected } = finding;
      const told = { place: placeOf(message, teller), request: expected.request, author: message.author ?? '?' };
      return plain(translate('verify.slack.other_author', told));
    }
    case 'foreign': {
      const { message } = finding;
      const told = { place: placeOf(message, teller), ...named(message), author: message.author ?? '?' };
      return plain(translate('verify.slack.foreign', told));
    }
    case 'copy':
      return plain(
        translate('verify.slack.copy', { place: placeOf(finding.message, teller), ...named(finding.message) }),
      );
    case 'too_old': {
      const { channel, messages } = finding;
      const told = { channel: nameOf(channel), messages };
      if (channel.oldest === null) return plain(translate('verify.slack.empty', told));
      return plain(translate('verify.slack.too_old', { ...told, time: isoTime(channel.oldest) }));
    }
    case 'erased':
      return plain(translate('verify.slack.erased', { messages: finding.messages }));
    case 'too_new':
      return plain(translate('verify.slack.too_new', { messages: finding.messages, time: isoTime(finding.until) }));
    case 'unread': {
      const { channel, messages } = finding;
      return plain(translate('verify.slack.unread', { channel: channel.id, why: channel.why, messages }));
    }
    case 'explained': {
      const { restoration, messages } = finding;
      return plain(translate('verify.slack.explained', { messages, time: isoTime(restoration.at) }));
    }
    default:
      return finding satisfies never;
  }
}

/** How a message's checkpoint does not fit the log. */
export function describeCheckpoint(
  problem: Extract<LogProblem, { kind: 'behind' | 'other_log' }>,
  { size: counted }: GivenCheckpoint,
  message: PostedMessage,
  teller: Teller,
): string {
  const { translate } = teller.translator;
  const place = placeOf(message, teller);
  const given = String(counted);
  if (problem.kind === 'other_log') return plain(translate('verify.slack.other_log', { place, size: given }));
  return plain(translate('verify.slack.behind', { place, size: problem.size, given }));
}

function named({ request }: PostedMessage) {
  return { request: request || '?' };
}

/** "#ops (C0OPS), 2026-11-10T12:00:00.000Z, https://…", or the `ts` where there is no link. */
function placeOf(message: MessagePlace, { channels, linkTo }: Teller): string {
  const channel = channels.find(({ id }) => id === message.channel);
  const where = channel === undefined ? message.channel : nameOf(channel);
  return [where, isoTime(timeOf(message)), linkTo(message) ?? `ts ${message.ts}`].join(', ');
}

function nameOf({ id, name }: Pick<ReadChannel, 'id' | 'name'>): string {
  return name === id ? id : `#${name} (${id})`;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
