import { Icon, type IconName } from './icon.tsx';
import { type ThemeChoice, type Themes, themeChoices } from './use-theme.ts';

const icons: Readonly<Record<ThemeChoice, IconName>> = { light: 'sun', dark: 'moon', system: 'screen' };
const names: Readonly<Record<ThemeChoice, string>> = { light: 'Light', dark: 'Dark', system: 'System' };

export function ThemeSwitch({ choice, choose }: Pick<Themes, 'choice' | 'choose'>) {
  return (
    <fieldset className="themes">
      <legend>Theme</legend>
      {themeChoices.map((each) => (
        <label key={each} className="choice">
          <input type="radio" name="theme" value={each} checked={each === choice} onChange={() => choose(each)} />
          <Icon name={icons[each]} />
          <span>{names[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
