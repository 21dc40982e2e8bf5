import type { InputElement, Option } from '../../../slack/views/input-block.ts';
import type { Labelled } from './labelled.ts';
import { useSearch } from './use-search.ts';
import type { Suggesting } from './use-suggestions.ts';

type Props = {
  readonly element: InputElement & { type: 'external_select' };
  readonly actionId: string;
  readonly option: Option | null;
  readonly onChoose: (option: Option | null) => void;
  readonly suggesting: Suggesting;
  readonly labelled: Labelled;
};

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
const defaultLeast = 3;

/** A combobox of the bot's suggestions: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
export function SearchInput({ element, actionId, option, onChoose, suggesting, labelled }: Props) {
  const least = element.min_query_length ?? defaultLeast;
  const search = useSearch(suggesting, { actionId, least, option, onChoose });
  const { isOpen, typed, options, active, remark } = search;
  const listId = `${labelled.id}-list`;
  return (
    <div className="search-input">
      <input
        {...labelled}
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen && options.length > 0 ? `${listId}-${active}` : undefined}
        placeholder={element.placeholder?.text ?? 'Type to search'}
        value={typed ?? option?.text.text ?? ''}
        onChange={({ target }) => search.setTyped(target.value)}
        onClick={() => isOpen || search.setTyped(null)}
        onKeyDown={(event) => {
          if (search.handleKey(event)) event.preventDefault();
        }}
        onBlur={search.leave}
      />
      {isOpen && (
        <div className="completions">
          <div role="listbox" id={listId} aria-label="Suggestions">
            {options.map((each, at) => (
              // The input keeps the focus and handles the keyboard.
              // biome-ignore lint/a11y/useKeyWithClickEvents: see above
              // biome-ignore lint/a11y/useFocusableInteractive: see above
              <div
                key={each.value}
                role="option"
                id={`${listId}-${at}`}
                aria-selected={at === active}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => search.choose(each)}
              >
                <span>{each.text.text}</span>
              </div>
            ))}
          </div>
          <p role="status" hidden={remark === null}>
            {remark}
          </p>
        </div>
      )}
    </div>
  );
}
