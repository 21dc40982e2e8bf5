import type { Snapshot } from '../../snapshot.ts';
import { Switch } from '../switch.tsx';
import { useAction } from '../use-action.ts';
import { ActionButton } from './action-button.tsx';
import { BotCard } from './bot-card.tsx';
import { breakageTexts, type Side } from './breakage-texts.ts';
import { ClockCard } from './clock-card.tsx';

const sides: readonly Side[] = ['Campaign', 'Slack'];

export function BreakPanel({ snapshot }: { snapshot: Snapshot }) {
  return (
    <>
      <h2>Break things</h2>
      <p className="lead">A fault stays on until you switch it off. Watch how the bot handles it.</p>
      <ClockCard aheadMs={snapshot.aheadMs} />
      <BotCard bot={snapshot.bot} />
      {sides.map((side) => (
        <section key={side} aria-labelledby={`break-${side}`} className="group">
          <h3 id={`break-${side}`}>{side}</h3>
          {snapshot.breakages
            .filter(({ name }) => breakageTexts[name].side === side)
            .map((breakage) => (
              <BreakSwitch key={breakage.name} {...breakage} />
            ))}
          {side === 'Campaign' && (
            <ActionButton
              name="Expire all tokens"
              about="Once: every token issued so far is refused from now on. The bot has to request a new one."
              action={{ type: 'expire tokens' }}
            />
          )}
        </section>
      ))}
    </>
  );
}

/** Does not wait for other actions: while the bot tries to start, this fault may be what prevents it. */
function BreakSwitch({ name, isOn }: Snapshot['breakages'][number]) {
  const { problem, act } = useAction();
  return (
    <>
      <Switch
        name={name}
        about={breakageTexts[name].about}
        isOn={isOn}
        onTurn={(on) => act({ type: 'break', name, isOn: on })}
      />
      <p role="alert" className="problem" hidden={problem === null}>
        {problem}
      </p>
    </>
  );
}
