import { type RefObject, useEffect } from 'react';
import type { Block, Button } from '../../../slack/blocks.ts';
import { nthButton, type Pressable } from './buttons.ts';

/** Resolves when the press is done, with any result. */
type Press = (pressed: Pressable) => Promise<unknown>;

/**
 * Handles presses on the buttons that the library renders, and what is chosen in a menu. The library has no callback: a button has its `action_id` as its id, and
 * one with a confirmation has a dialog next to it, whose last button confirms.
 */
export function usePresses(container: RefObject<HTMLElement | null>, blocks: readonly Block[], press: Press): void {
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const handleClick = ({ target }: Event) => {
      const pressed = pressedIn(element, blocks, target);
      if (pressed !== null) void once(pressed, press);
    };
    const handleChange = ({ target }: Event) => {
      const isMenu = target instanceof HTMLSelectElement && target.value !== '';
      if (isMenu) void press({ action_id: target.dataset.action, value: target.value });
    };
    const listening = new AbortController();
    element.addEventListener('click', handleClick, listening);
    element.addEventListener('change', handleChange, listening);
    element.addEventListener('keydown', cancelOnEscape, listening);
    return () => listening.abort();
  }, [container, blocks, press]);
}

type Pressed = { readonly element: HTMLButtonElement; readonly button: Button };

function pressedIn(container: HTMLElement, blocks: readonly Block[], target: EventTarget | null): Pressed | null {
  const clicked = target instanceof Element ? target.closest('button') : null;
  if (clicked === null) return null;
  const dialog = clicked.closest(dialogSelector);
  const element = dialog === null ? clicked : leaveDialog(clicked, dialog);
  if (!(element instanceof HTMLButtonElement) || element.id === '') return null;
  const alike = [...container.querySelectorAll('button')].filter(({ id }) => id === element.id);
  const button = nthButton(blocks, element.id, alike.indexOf(element));
  if (button === undefined) return null;
  if (button.confirm === undefined || dialog !== null) return { element, button };
  requestAnimationFrame(() => enterDialog(element));
  return null;
}

const dialogSelector = '.slack_blocks_to_jsx__confirm_dialog';

/** Returns the button of the dialog where it was confirmed. Either way that button gets the focus back. */
function leaveDialog(clicked: Element, dialog: Element): Element | null {
  const opener = dialog.previousElementSibling;
  if (opener instanceof HTMLElement) opener.focus();
  return clicked === [...dialog.querySelectorAll('button')].at(-1) ? opener : null;
}

/** The library's dialog has no dialog role. */
function enterDialog(button: HTMLButtonElement): void {
  const dialog = button.nextElementSibling;
  if (dialog === null) return;
  dialog.setAttribute('role', 'alertdialog');
  dialog.setAttribute('aria-modal', 'true');
  dialog.setAttribute('aria-label', button.textContent ?? '');
  dialog.querySelector('button')?.focus();
}

function cancelOnEscape(event: KeyboardEvent): void {
  const dialog = event.target instanceof Element ? event.target.closest(dialogSelector) : null;
  if (dialog === null) return;
  const buttons = [...dialog.querySelectorAll('button')];
  if (event.key === 'Escape') buttons[0]?.click();
  if (event.key === 'Tab') {
    event.preventDefault();
    const at = buttons.findIndex((button) => button.contains(document.activeElement));
    buttons[(at + 1) % buttons.length]?.focus();
  }
}

/** Ignores the second click of a double-click. The button stays in the tab order: only the press is blocked. */
async function once({ element, button }: Pressed, press: Press): Promise<void> {
  if (element.ariaBusy === 'true') return;
  element.ariaBusy = 'true';
  element.ariaDisabled = 'true';
  await press(button);
  element.ariaBusy = null;
  element.ariaDisabled = null;
}
