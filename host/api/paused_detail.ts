/** How the `detail` of a load says since when it is paused: who shows it has times of their own. */

/** The detail of a load that is paused since then, in ISO 8601. */
export function pausedDetail(since: string): string {
  return `since ${since}`;
}

/** Since when a load is paused, where that is what its detail says. */
export function pausedSince(detail: string): string | undefined {
  return /^since (\S+Z)$/.exec(detail)?.[1];
}
