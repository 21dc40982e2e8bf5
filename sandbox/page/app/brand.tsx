/** The bot's logo: start and pause. */
export function Brand() {
  return (
    <svg className="brand" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" className="brand-ground" />
      <path d="M9 9.5v13l9.5-6.5z" className="brand-play" />
      <rect x="20.5" y="9.5" width="3" height="13" rx="1" className="brand-pause" />
    </svg>
  );
}
