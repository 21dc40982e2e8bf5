import { Brand } from './brand.tsx';
import { ChannelList } from './channel-list.tsx';
import { Conversation } from './conversation/conversation.tsx';
import type { PageProps, PanelName } from './page-props.ts';
import { brokenBadge } from './panels/broken-badge.ts';
import { Panel } from './panels/panel.tsx';
import { PersonSwitcher } from './person-switcher.tsx';
import { type Tab, TabList, TabPanel } from './tabs.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { Transport } from './transport.tsx';

/** Everything side by side. */
export function WidePage({
  snapshot,
  place,
  look,
  themes,
  unread,
  becoming,
  panel,
  rulesDrafting,
  onPanel,
  onGo,
  onBecome,
}: PageProps) {
  const { people, channels, mode } = snapshot;
  const shown: PanelName = panel === 'chat' ? 'campaign' : panel;
  const tabs: readonly Tab<PanelName>[] = [
    { id: 'campaign', name: 'Campaign', icon: 'play' },
    { id: 'break', name: 'Break things', icon: 'bolt', badge: brokenBadge(snapshot) },
    { id: 'record', name: 'Record', icon: 'chain' },
    { id: 'rules', name: 'Rules', icon: 'rules' },
    { id: 'log', name: 'Log', icon: 'log' },
  ];
  return (
    <div className="page wide">
      <header className="sidebar">
        <div className="workspace">
          <Brand />
          <div>
            <h1>campaign-wf sandbox</h1>
            <Transport mode={mode} />
          </div>
        </div>
        <PersonSwitcher people={people} chosen={becoming} onBecome={onBecome} />
        <ChannelList channels={channels} current={place.id} unread={unread} onGo={onGo} />
        <ThemeSwitch choice={themes.choice} choose={themes.choose} />
      </header>
      <main className="chat">
        <Conversation snapshot={snapshot} place={place} look={look} />
      </main>
      <aside className="beside" aria-label="Behind the conversation">
        <TabList label="Behind the conversation" tabs={tabs} shown={shown} onShow={onPanel} />
        <TabPanel tab={shown}>
          <Panel name={shown} snapshot={snapshot} rulesDrafting={rulesDrafting} />
        </TabPanel>
      </aside>
    </div>
  );
}
