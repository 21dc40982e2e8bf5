import type { Bot } from '../../snapshot.ts';
import { ActionButton } from './action-button.tsx';

const names = new Intl.DisplayNames('en', { type: 'language' });

/** What of the rules the bot reads at its start only. */
export function RestartNotice({ language: { now, next } }: Pick<Bot, 'language'>) {
  return (
    <div className="restart-notice">
      <p>
        Applied at once, without a restart. Language (<code>locale</code>): at the next start.
      </p>
      {now !== next && (
        <>
          <p role="status" className="restart-needed">
            Language: {names.of(next)} at the next start. Until then the bot writes {names.of(now)}.
          </p>
          <ActionButton
            name="Restart the bot"
            about="Ends its process, and starts it again on the same ledger with these rules."
            action={{ type: 'kill', when: 'now' }}
          />
        </>
      )}
    </div>
  );
}
