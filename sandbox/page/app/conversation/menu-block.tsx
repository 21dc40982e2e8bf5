import type { Menu } from '../../../slack/blocks.ts';
import { offeredBy } from '../modal/offered.ts';

/** A menu of a message. `usePresses` handles what is chosen, as it does for the library's buttons. */
export function MenuBlock({ menu }: { readonly menu: Menu }) {
  const label = menu.placeholder?.text ?? 'Choose one';
  return (
    <select className="menu-block" aria-label={label} data-action={menu.action_id} defaultValue="">
      <option value="">{label}</option>
      {offeredBy(menu).map(({ value, text }) => (
        <option key={value} value={value}>
          {text.text}
        </option>
      ))}
    </select>
  );
}
