import { useCallback, useMemo, useState } from 'react';
import type { Place, Snapshot } from '../snapshot.ts';
import type { RenderContext } from './conversation/blocks.tsx';
import { type Thread, threadOf } from './conversation/items.ts';
import { brokenBadge } from './panels/broken-badge.ts';
import type { Drafting } from './panels/rules-panel.tsx';
import type { Tab } from './tabs.tsx';
import type { Address } from './use-address.ts';
import type { Themes } from './use-theme.ts';
import { useUnread } from './use-unread.ts';

export type PanelName = 'campaign' | 'home' | 'break' | 'record' | 'rules' | 'log';

/** The contents and functions of the page, in both layouts. */
export type PageProps = {
  readonly snapshot: Snapshot;
  readonly place: Place;
  readonly renderContext: RenderContext;
  readonly themes: Themes;
  readonly unread: ReadonlySet<string>;
  /** The selected person; the snapshot follows a moment later. */
  readonly chosenPerson: string;
  /** The open thread, if any. */
  readonly thread: Thread | null;
  /** The panel beside the conversation, or in its place. */
  readonly panel: PanelName | 'chat';
  readonly tabs: Readonly<Record<PanelName, Tab<PanelName>>>;
  readonly rulesDrafting: Drafting;
  readonly onPanel: (panel: PanelName | 'chat') => void;
  readonly onThread: (ts: string | null) => void;
  readonly onGo: (channel: string) => void;
  readonly onBecome: (person: string) => void;
};

export type PageSource = {
  readonly snapshot: Snapshot;
  readonly themes: Themes;
  /** The person may not exist, or may not be a member of that channel. */
  readonly address: Address;
  readonly onAddress: (change: Partial<Address>) => void;
};

/** Null where the person is in no channel. */
export function usePageProps({ snapshot, themes, address, onAddress }: PageSource): PageProps | null {
  const [panel, setPanel] = useState<PanelName | 'chat'>('chat');
  // Kept while another tab is open.
  const [rulesDraft, setRulesDraft] = useState<string | null>(null);
  const { channels, known, me, people } = snapshot;
  const place = channels.find(({ id }) => id === address.channel) ?? channels[0];
  const unread = useUnread(snapshot, place?.id ?? '');
  const renderContext = useMemo(() => ({ known, theme: themes.theme }), [known, themes.theme]);
  const onThread = useCallback((thread: string | null) => onAddress({ thread }), [onAddress]);
  if (place === undefined) return null;
  return {
    snapshot,
    place,
    renderContext,
    themes,
    unread,
    chosenPerson: people.find(({ id }) => id === address.as)?.id ?? me,
    thread: threadOf(snapshot.entries, place.id, address.thread),
    panel,
    tabs: panelTabs(snapshot),
    rulesDrafting: { draft: rulesDraft, onDraft: setRulesDraft },
    onPanel: setPanel,
    onThread,
    onGo: (channel) => onAddress({ channel, thread: null }),
    onBecome: (as) => onAddress({ as }),
  };
}

function panelTabs(snapshot: Snapshot): PageProps['tabs'] {
  return {
    campaign: { id: 'campaign', name: 'Campaign', icon: 'play' },
    break: { id: 'break', name: 'Break things', icon: 'bolt', badge: brokenBadge(snapshot) },
    record: { id: 'record', name: 'Record', icon: 'chain' },
    home: { id: 'home', name: 'Home', icon: 'screen' },
    rules: { id: 'rules', name: 'Rules', icon: 'rules' },
    log: { id: 'log', name: 'Log', icon: 'log' },
  };
}
