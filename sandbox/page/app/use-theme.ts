import { useLayoutEffect, useState } from 'react';
import { useMedia } from './use-media.ts';

export const themeChoices = ['light', 'dark', 'system'] as const;
export type ThemeChoice = (typeof themeChoices)[number];
export type Theme = 'light' | 'dark';

export type Themes = {
  readonly theme: Theme;
  readonly choice: ThemeChoice;
  readonly choose: (choice: ThemeChoice) => void;
};

const storedAs = 'campaign-wf-sandbox-theme';

/** Light, dark, or the system's setting. `?theme=` in the address overrides the stored choice. */
export function useTheme(): Themes {
  const [choice, setChoice] = useState<ThemeChoice>(initialChoice);
  const isDarkSystem = useMedia('(prefers-color-scheme: dark)');
  const theme = choice === 'system' ? (isDarkSystem ? 'dark' : 'light') : choice;
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const choose = (chosen: ThemeChoice) => {
    localStorage.setItem(storedAs, chosen);
    setChoice(chosen);
  };
  return { theme, choice, choose };
}

function initialChoice(): ThemeChoice {
  const given = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem(storedAs);
  return themeChoices.find((choice) => choice === given) ?? 'system';
}
