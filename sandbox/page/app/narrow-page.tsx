import { ChannelSelect } from './channel-list.tsx';
import { Conversation } from './conversation/conversation.tsx';
import { ThreadPane } from './conversation/thread-pane.tsx';
import { Panel } from './panels/panel.tsx';
import { PersonSwitcher } from './person-switcher.tsx';
import { mainId, SkipLink } from './skip-link.tsx';
import { type Tab, TabList, TabPanel } from './tabs.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { Transport } from './transport.tsx';
import type { PageProps } from './use-page-props.ts';

type Bottom = 'chat' | 'campaign' | 'break' | 'record' | 'more';

type More = 'home' | 'rules' | 'log';

function isMore(panel: PageProps['panel']): panel is More {
  return panel === 'home' || panel === 'rules' || panel === 'log';
}

/** The layout for small screens: one view at a time, with a tab bar at the bottom. */
export function NarrowPage({
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
  const bottom: Bottom = isMore(panel) ? 'more' : panel;
  const views: readonly Tab<Bottom>[] = [
    {
      id: 'chat',
      name: 'Chat',
      icon: 'chat',
      badge: unread.size > 0 ? { shown: '•', accessibleText: '(new)' } : null,
    },
    { ...tabs.campaign, id: 'campaign' },
    { ...tabs.break, id: 'break', name: 'Break' },
    { ...tabs.record, id: 'record' },
    { id: 'more', name: 'More', icon: 'more' },
  ];
  const shared = { snapshot, place, renderContext, onThread };
  const select = <ChannelSelect channels={channels} current={place.id} unread={unread} onGo={onGo} />;
  return (
    <div className="page narrow">
      <SkipLink />
      <header className="topbar">
        <h1 className="visually-hidden">campaign-wf sandbox</h1>
        <PersonSwitcher people={people} chosen={chosenPerson} onBecome={onBecome} />
      </header>
      <main id={mainId} tabIndex={-1}>
        <TabPanel tab="chat" className="chat" isHidden={bottom !== 'chat'}>
          <div className="chat" hidden={thread !== null}>
            <Conversation {...shared} thread={null} channelSelect={select} />
          </div>
          {thread !== null && <ThreadPane key={thread.root.ts} {...shared} thread={thread} isWhole />}
        </TabPanel>
        {bottom !== 'chat' && bottom !== 'more' && (
          <TabPanel tab={bottom}>
            <Panel name={bottom} snapshot={snapshot} rulesDrafting={rulesDrafting} renderContext={renderContext} />
          </TabPanel>
        )}
        {isMore(panel) && (
          <TabPanel tab="more">
            <ThemeSwitch choice={themes.choice} choose={themes.choose} />
            <Transport mode={mode} />
            <TabList label="More" tabs={[tabs.home, tabs.rules, tabs.log]} shown={panel} onShow={onPanel} />
            <TabPanel tab={panel} className="inner-panel">
              <Panel name={panel} snapshot={snapshot} rulesDrafting={rulesDrafting} renderContext={renderContext} />
            </TabPanel>
          </TabPanel>
        )}
      </main>
      <nav className="bottom" aria-label="Views">
        <TabList label="Views" tabs={views} shown={bottom} onShow={(id) => onPanel(id === 'more' ? 'home' : id)} />
      </nav>
    </div>
  );
}
