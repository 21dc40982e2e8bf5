import { Brand } from './brand.tsx';

/** Colours of `.avatar`. */
const hues = 6;

/** A person's initials on the person's colour, or the bot's logo. */
export function Avatar({ name, isApp = false }: { name: string; isApp?: boolean }) {
  if (isApp) {
    return (
      <span className="avatar avatar-app" aria-hidden="true">
        <Brand />
      </span>
    );
  }
  return (
    <span className="avatar" data-hue={hueOf(name)} aria-hidden="true">
      {name.slice(0, 2)}
    </span>
  );
}

function hueOf(name: string): number {
  return [...name.toLowerCase()].reduce((hash, letter) => (hash * 57 + (letter.codePointAt(0) ?? 0)) % 997, 7) % hues;
}
