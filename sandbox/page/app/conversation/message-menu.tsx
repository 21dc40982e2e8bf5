import { type FocusEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Entry, Snapshot } from '../../snapshot.ts';
import { Icon } from '../icon.tsx';
import { placeInRing } from '../ring.ts';
import type { ActionState } from '../use-action.ts';

type Props = {
  readonly entry: Entry;
  readonly me: string;
  readonly shortcuts: Snapshot['shortcuts'];
  readonly act: ActionState['act'];
};

/** https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/ */
export function MessageMenu({ entry: { channel, ts }, me, shortcuts, act }: Props) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) focusItem(menu.current, 0);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const leave = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget !== opener.current && !menu.current?.contains(relatedTarget)) setOpen(false);
  };
  const choose = (callbackId: string) => {
    close();
    void act({ type: 'shortcut', as: me, channel, ts, callbackId });
  };
  return (
    <div className="message-menu">
      <button
        ref={opener}
        type="button"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onBlur={leave}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <Icon name="dots" />
      </button>
      {isOpen && (
        <div
          ref={menu}
          id={id}
          role="menu"
          aria-label="More actions"
          tabIndex={-1}
          onBlur={leave}
          onKeyDown={(event) => handleKey(event, menu.current, close)}
        >
          {shortcuts.map(({ callbackId, name }) => (
            <button key={callbackId} type="button" role="menuitem" tabIndex={-1} onClick={() => choose(callbackId)}>
              <Icon name="bolt" />
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

const arrows = { back: 'ArrowUp', on: 'ArrowDown' };

function handleKey(event: KeyboardEvent, menu: HTMLElement | null, close: () => void): void {
  const { key } = event;
  if (key === 'Escape' || key === 'Tab') {
    if (key === 'Escape') event.preventDefault();
    close();
    return;
  }
  const items = itemsOf(menu);
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const next = placeInRing(key, arrows, at, items.length);
  if (next === null) return;
  event.preventDefault();
  focusItem(menu, next);
}

function itemsOf(menu: HTMLElement | null): readonly HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
}

function focusItem(menu: HTMLElement | null, at: number): void {
  itemsOf(menu)[at]?.focus();
}
