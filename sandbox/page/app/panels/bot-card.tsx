import type { Bot } from '../../snapshot.ts';
import { Once } from './once.tsx';

const states: Readonly<Record<Bot['state'], { readonly words: string; readonly tone: string }>> = {
  running: { words: 'Running', tone: 'state-good' },
  starting: { words: 'Starting again', tone: 'state-moving' },
  failed: { words: 'Did not come up', tone: 'state-bad' },
};

/** The bot's process, and how to kill it. */
export function BotCard({ bot }: { bot: Bot }) {
  const { words, tone } = states[bot.state];
  return (
    <section aria-labelledby="bot-process" className="group">
      <h3 id="bot-process">The bot’s process</h3>
      <div aria-live="polite" className="bot-state">
        <span className={`state ${tone}`}>
          <span className="dot" aria-hidden="true" />
          {words}
        </span>
        <span>process {bot.pid}</span>
        <span>started {bot.starts === 1 ? 'once' : `${bot.starts} times`}</span>
        {bot.state === 'failed' && <strong>Its log says why.</strong>}
        {bot.diesAtNextCall && <strong>It will be killed during its next call to Campaign.</strong>}
      </div>
      <Once
        name="Kill the bot now"
        about="Really ends the process at once (SIGKILL), and starts it again on the same ledger."
        action={{ type: 'kill', when: 'now' }}
        isDangerous
      />
      <Once
        name="Kill it during its next call to Campaign"
        about="When Campaign has the next command and before the bot has the answer. Then give it one."
        action={{ type: 'kill', when: 'at next call' }}
        isDangerous
      />
    </section>
  );
}
