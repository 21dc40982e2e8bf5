import type { Place, Snapshot } from '../snapshot.ts';
import type { Look } from './conversation/blocks.tsx';
import type { Drafting } from './panels/rules-panel.tsx';
import type { Themes } from './use-theme.ts';

export type PanelName = 'campaign' | 'break' | 'record' | 'rules' | 'log';

/** What the page shows and can do, however much room it has. */
export type PageProps = {
  readonly snapshot: Snapshot;
  readonly place: Place;
  readonly look: Look;
  readonly themes: Themes;
  readonly unread: ReadonlySet<string>;
  /** Who was chosen; the snapshot follows a moment later. */
  readonly becoming: string;
  /** What is shown beside the conversation, or instead of it. */
  readonly panel: PanelName | 'chat';
  readonly rulesDrafting: Drafting;
  readonly onPanel: (panel: PanelName | 'chat') => void;
  readonly onGo: (channel: string) => void;
  readonly onBecome: (person: string) => void;
};
