import { dateAndTime, duration } from '../time-format.ts';
import { useAction } from '../use-action.ts';
import { useNow } from '../use-now.ts';

const turns = [
  { name: '+10 min', minutes: 10 },
  { name: '+1 h', minutes: 60 },
  { name: '+1 day', minutes: 24 * 60 },
];

/** The time of the bot, of Slack and of Campaign, and how to turn it ahead. */
export function ClockCard({ aheadMs }: { aheadMs: number }) {
  const now = useNow();
  const { isBusy, problem, act } = useAction();
  return (
    <section aria-labelledby="clock" className="group">
      <h3 id="clock">The clock</h3>
      <p>
        <time>{dateAndTime(now + aheadMs)}</time>
        {aheadMs > 0 && <span>, {duration(aheadMs)} ahead</span>}
      </p>
      <div className="action-row">
        <fieldset className="button-row" aria-label="Turn the clock ahead">
          {turns.map(({ name, minutes }) => (
            <button
              key={name}
              type="button"
              className="button"
              aria-disabled={isBusy}
              onClick={() => act({ type: 'turn clock', minutes })}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <p>For the bot, Slack and Campaign at once: commands for later, reminders, and what expires.</p>
      </div>
      <p role="alert" className="problem" hidden={problem === null}>
        {problem}
      </p>
    </section>
  );
}
