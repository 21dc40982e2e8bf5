import { Avatar } from '../avatar.tsx';
import { clockTime, dayName, dayOf, fullDate } from '../time-format.ts';
import { countedReplies, replyCount, type Thread } from './items.ts';

/** More authors than this are not pictured. */
const mostAvatars = 5;

type Props = { readonly thread: Thread; readonly isOpen: boolean; readonly onOpen: (ts: string) => void };

/** A folded thread below its message, as in Slack: who has replied, how often, and when last. */
export function ThreadSummary({ thread, isOpen, onOpen }: Props) {
  const replies = countedReplies(thread);
  const last = replies.at(-1);
  if (last === undefined) return null;
  const authors = new Map(replies.map(({ author, isApp }) => [author, isApp]));
  return (
    <button
      type="button"
      className="thread-summary"
      data-thread={thread.root.ts}
      aria-expanded={isOpen}
      onClick={() => onOpen(thread.root.ts)}
    >
      <span className="thread-authors">
        {[...authors].slice(0, mostAvatars).map(([author, isApp]) => (
          <Avatar key={author} name={author} isApp={isApp} />
        ))}
      </span>
      <strong>{replyCount(replies.length)}</strong>
      <span className="visually-hidden">from {[...authors.keys()].join(', ')}.</span>
      <time dateTime={new Date(last.at).toISOString()} title={fullDate(last.at)}>
        Last reply {momentOf(last.at)}
      </time>
    </button>
  );
}

/** "at 2:03 PM", "Yesterday at 2:03 PM" */
function momentOf(at: number): string {
  const now = Date.now();
  return dayOf(at) === dayOf(now) ? `at ${clockTime(at)}` : `${dayName(at, now)} at ${clockTime(at)}`;
}
