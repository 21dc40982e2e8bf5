import type { Bot } from '../../snapshot.ts';
import { ActionButton } from './action-button.tsx';

const states: Readonly<Record<Bot['state'], { readonly text: string; readonly tone: string }>> = {
  running: { text: 'Running', tone: 'state-good' },
  starting: { text: 'Restarting', tone: 'state-moving' },
  failed: { text: 'Did not start', tone: 'state-bad' },
};

/** The bot's process, and how to kill it. */
export function BotCard({ bot }: { bot: Bot }) {
  const { text, tone } = states[bot.state];
  return (
    <section aria-labelledby="bot-process" className="group">
      <h3 id="bot-process">The bot’s process</h3>
      <div aria-live="polite" className="bot-state">
        <span className={`state ${tone}`}>
          <span className="dot" aria-hidden="true" />
          {text}
        </span>
        <span>process {bot.pid}</span>
        <span>started {bot.starts === 1 ? 'once' : `${bot.starts} times`}</span>
        {bot.state === 'failed' && <strong>The log has the reason.</strong>}
        {bot.diesAtNextCall && <strong>It will be killed during its next call to Campaign.</strong>}
      </div>
      <ActionButton
        name="Kill the bot now"
        about="Ends the process immediately (SIGKILL), and restarts it on the same ledger."
        action={{ type: 'kill', when: 'now' }}
        isDangerous
      />
      <ActionButton
        name="Kill it during its next call to Campaign"
        about="Kills it after Campaign has received the next command, before the bot gets the response. Then send a command."
        action={{ type: 'kill', when: 'at next call' }}
        isDangerous
      />
    </section>
  );
}
