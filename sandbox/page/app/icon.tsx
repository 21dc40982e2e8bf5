const paths = {
  back: 'M16 10H4m5.5-5.5L4 10l5.5 5.5',
  bolt: 'M11 2.5 4.5 11H9l-.5 6.5L15.5 9H11V2.5Z',
  chat: 'M3.5 4.5h13v9h-7l-3.5 3v-3H3.5v-9Z',
  chain: 'M8 12l4-4M9 6.5l1.2-1.2a3.2 3.2 0 0 1 4.5 4.5L13.5 11M11 13.5l-1.2 1.2a3.2 3.2 0 0 1-4.5-4.5L6.5 9',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  clock: 'M10 6v4l2.5 1.5M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z',
  cross: 'm5.5 5.5 9 9m0-9-9 9',
  down: 'M10 4v11m-4.5-4.5L10 15l4.5-4.5',
  dots: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  eye: 'M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5Zm7.5 2.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z',
  lock: 'M5 9h10v7.5H5V9Zm2-.2V6.5a3 3 0 0 1 6 0v2.3',
  log: 'M4 5h12M4 8.3h12M4 11.6h8M4 15h10',
  moon: 'M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5Z',
  more: 'M4 6h12M4 10h12M4 14h12',
  pause: 'M7 4.5v11M13 4.5v11',
  pencil: 'm4 16 .8-3.6L13 4.2l2.8 2.8-8.2 8.2L4 16Z',
  play: 'M6.5 4.5v11l9-5.5-9-5.5Z',
  rules: 'M5 3.5h7l3 3v10H5v-13ZM7.5 9h5M7.5 12.5h5',
  screen: 'M3 4.5h14v9H3v-9Zm5 12h4m-2-3v3',
  send: 'M3.5 4 17 10 3.5 16l2-6-2-6Zm2 6H11',
  shared:
    'M7 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm6.2 0a2.6 2.6 0 1 0-1-5M2.5 16c.4-2.8 2.2-4.2 4.5-4.2s4.1 1.4 4.5 4.2m2-4.4c2.1 0 3.6 1.3 4 4',
  sun: 'M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM10 2.5v1.8m0 11.4v1.8M2.5 10h1.8m11.4 0h1.8M4.7 4.7 6 6m8 8 1.3 1.3m0-10.6L14 6m-8 8-1.3 1.3',
  turning: 'M16 10a6 6 0 1 1-1.8-4.3M16 3v3.5h-3.5',
  warning: 'M10 3.5 17.5 16h-15L10 3.5ZM10 8.5v3.3m0 2v.01',
} as const;

export type IconName = keyof typeof paths;

/** A decorative icon beside its text. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
