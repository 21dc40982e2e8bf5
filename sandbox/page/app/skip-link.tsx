/** The ID of the page's main element. */
export const mainId = 'main';

/** The first thing that Tab reaches: it leads past the people, the channels and the themes. */
export function SkipLink() {
  return (
    <a
      className="skip-link"
      href={`#${mainId}`}
      onClick={(event) => {
        // Without another entry in the browser's history.
        event.preventDefault();
        document.getElementById(mainId)?.focus();
      }}
    >
      Skip to the conversation
    </a>
  );
}
