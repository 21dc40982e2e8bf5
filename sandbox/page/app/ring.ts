/** The next index in a circular list for an arrow key of that direction, Home or End. null: another key. */
export function placeInRing(
  key: string,
  { back, on }: { readonly back: string; readonly on: string },
  at: number,
  count: number,
): number | null {
  switch (key) {
    case on:
      return (at + 1) % count;
    case back:
      return (at + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
