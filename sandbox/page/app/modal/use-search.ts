import { type KeyboardEvent, useRef, useState } from 'react';
import type { Option } from '../../../slack/views/input-block.ts';
import { type Suggesting, useSuggestions } from './use-suggestions.ts';

export type Searching = {
  readonly isOpen: boolean;
  /** The text in place of the option. null: the list was opened without typing. */
  readonly typed: string | null;
  readonly options: readonly Option[];
  readonly active: number;
  /** Why there are no options. null: there are some. */
  readonly remark: string | null;
  readonly setTyped: (typed: string | null) => void;
  readonly choose: (option: Option) => void;
  readonly leave: () => void;
  /** True where the list handled the key. */
  readonly handleKey: (event: KeyboardEvent) => boolean;
};

type Field = {
  readonly actionId: string;
  /** The number of characters before the bot is queried. */
  readonly least: number;
  readonly option: Option | null;
  readonly onChoose: (option: Option | null) => void;
};

/** The list of an input that queries the bot. Only a selected suggestion becomes the value. */
export function useSearch(suggesting: Suggesting, { actionId, least, option, onChoose }: Field): Searching {
  const [search, setSearch] = useState<{ typed: string | null; active: number } | null>(null);
  const { options, problem, ask } = useSuggestions(suggesting, actionId);
  const chosenBy = useRef<string | null>(null);
  const query = search?.typed ?? '';
  const isShort = query.length < least;
  const shown = isShort ? [] : (options ?? []);
  const active = search?.active ?? 0;

  const setTyped = (typed: string | null) => {
    setSearch({ typed, active: 0 });
    if ((typed ?? '').length >= least) ask(typed ?? '');
  };
  const choose = (chosen: Option) => {
    chosenBy.current = query;
    onChoose(chosen);
    setSearch(null);
  };
  const leave = () => {
    if (search === null) return;
    setSearch(null);
    if (search.typed === '') onChoose(null);
    // Slack accepts only the last suggestions, so the selected option must be among them again.
    else if (option !== null && chosenBy.current !== null) ask(chosenBy.current);
  };
  const take = (chosen = shown[active]) => {
    if (chosen !== undefined) choose(chosen);
  };
  const move = (by: number) => {
    if (shown.length > 0) setSearch({ typed: search?.typed ?? null, active: (active + by) % shown.length });
  };
  const keys = new Map([
    ['ArrowDown', () => move(1)],
    ['ArrowUp', () => move(shown.length - 1)],
    ['Enter', () => take()],
    ['Escape', leave],
  ]);
  const handleKey = ({ key }: KeyboardEvent): boolean => {
    if (search === null) {
      if (key === 'ArrowDown') setTyped(null);
      return key === 'ArrowDown';
    }
    if (key === 'Tab' && query !== '') take();
    keys.get(key)?.();
    return keys.has(key);
  };
  const remark = shown.length > 0 ? null : whyNothing({ least, isShort, isAsking: options === null, problem });
  return {
    isOpen: search !== null,
    typed: search?.typed ?? null,
    options: shown,
    active,
    remark,
    setTyped,
    choose,
    leave,
    handleKey,
  };
}

type Nothing = {
  readonly least: number;
  readonly isShort: boolean;
  readonly isAsking: boolean;
  readonly problem: string | null;
};

function whyNothing({ least, isShort, isAsking, problem }: Nothing): string {
  if (isShort) return `Type at least ${least} ${least === 1 ? 'character' : 'characters'}.`;
  if (isAsking) return 'Searching…';
  return problem ?? 'No suggestions.';
}
