import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { placeInRing } from './ring.ts';

export type Tab<T extends string> = {
  readonly id: T;
  readonly name: string;
  readonly icon: IconName;
  /** A short badge, such as the number of active faults, with its accessible text. */
  readonly badge?: { readonly shown: string; readonly accessibleText: string } | null;
};

type TabListProps<T extends string> = {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly shown: T;
  readonly onShow: (id: T) => void;
};

const arrows = { back: 'ArrowLeft', on: 'ArrowRight' };

/** https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ with the panel shown as soon as its tab has the focus. */
export function TabList<T extends string>({ label, tabs, shown, onShow }: TabListProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === shown);
    const next = placeInRing(event.key, arrows, at, tabs.length);
    const tab = next === null ? undefined : tabs[next];
    if (tab === undefined) return;
    event.preventDefault();
    onShow(tab.id);
    list.current?.querySelector<HTMLElement>(`#${tabId(tab.id)}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className="tabs" ref={list}>
      {tabs.map(({ id, name, icon, badge }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={tabId(id)}
          aria-selected={id === shown}
          aria-controls={panelId(id)}
          tabIndex={id === shown ? 0 : -1}
          onClick={() => onShow(id)}
          onKeyDown={move}
        >
          <Icon name={icon} />
          <span>{name}</span>
          {badge && (
            <span className="badge">
              <span aria-hidden="true">{badge.shown}</span>
              <span className="visually-hidden">{badge.accessibleText}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

type TabPanelProps = {
  readonly tab: string;
  readonly className?: string;
  readonly isHidden?: boolean;
  readonly children: ReactNode;
};

export function TabPanel({ tab, className = 'panel', isHidden = false, children }: TabPanelProps) {
  return (
    <div
      role="tabpanel"
      id={panelId(tab)}
      aria-labelledby={tabId(tab)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reachable by keyboard
      tabIndex={0}
      className={className}
      hidden={isHidden}
    >
      {children}
    </div>
  );
}

function tabId(tab: string): string {
  return `tab-${tab}`;
}

function panelId(tab: string): string {
  return `panel-${tab}`;
}
