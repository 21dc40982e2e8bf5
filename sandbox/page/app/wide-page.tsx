import { Brand } from './brand.tsx';
import { ChannelList } from './channel-list.tsx';
import { Conversation } from './conversation/conversation.tsx';
import { ThreadPane } from './conversation/thread-pane.tsx';
import { Panel } from './panels/panel.tsx';
import { PersonSwitcher } from './person-switcher.tsx';
import { mainId, SkipLink } from './skip-link.tsx';
import { TabList, TabPanel } from './tabs.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { Transport } from './transport.tsx';
import type { PageProps, PanelName } from './use-page-props.ts';

/** The layout for large screens: the channel list, the conversation and a panel side by side. */
export function WidePage({
  snapshot,
  place,
  renderContext,
  themes,
  unread,
  chosenPerson,
  thread,
  panel,
  tabs,
  rulesDrafting,
  onPanel,
  onThread,
  onGo,
  onBecome,
}: PageProps) {
  const { people, channels, mode } = snapshot;
  const shared = { snapshot, place, renderContext, onThread };
  const shown: PanelName = panel === 'chat' ? 'campaign' : panel;
  return (
    <div className="page wide">
      <SkipLink />
      <header className="sidebar">
        <div className="workspace">
          <Brand />
          <div>
            <h1>campaign-wf sandbox</h1>
            <Transport mode={mode} />
          </div>
        </div>
        <PersonSwitcher people={people} chosen={chosenPerson} onBecome={onBecome} />
        <ChannelList channels={channels} current={place.id} unread={unread} onGo={onGo} />
        <ThemeSwitch choice={themes.choice} choose={themes.choose} />
      </header>
      <main className="chat" id={mainId} tabIndex={-1}>
        <Conversation {...shared} thread={thread?.root.ts ?? null} />
      </main>
      {thread !== null && (
        <aside className="beside" aria-label="Thread">
          <ThreadPane key={thread.root.ts} {...shared} thread={thread} />
        </aside>
      )}
      <aside className="beside" aria-label="Panels" hidden={thread !== null}>
        <TabList label="Panels" tabs={Object.values(tabs)} shown={shown} onShow={onPanel} />
        <TabPanel tab={shown}>
          <Panel name={shown} snapshot={snapshot} rulesDrafting={rulesDrafting} renderContext={renderContext} />
        </TabPanel>
      </aside>
    </div>
  );
}
