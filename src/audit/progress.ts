/** How far a load is and how long it will take, in figures and in words for one line. */
import type { LoadProgress } from "../load/loader.ts";

/** The figures of a progress line. */
export interface ProgressFigures {
  /** Rows that are committed. */
  readonly rows: number;
  /** Committed rows per second since the load began. */
  readonly rowsPerSecond: number;
  /** Bytes of the source that were read. */
  readonly bytes: number;
  /** From 0 to 0.99, where the source knows its size: what was read is not committed yet. */
  readonly share?: number;
  /** Seconds until the end, once there is something to judge by. */
  readonly secondsLeft?: number;
}

/** Before this the rate says nothing: connections are opened and tables made. */
const JUDGED_AFTER_MS = 1_000;

/**
 * The figures after so many milliseconds. They may be more than the progress says: between two
 * batches time goes on.
 */
export function progressFigures(
  progress: LoadProgress,
  milliseconds: number = progress.milliseconds,
): ProgressFigures {
  const { rowsCommitted, bytesRead, bytesTotal } = progress;
  const seconds = milliseconds / 1000;
  const share = bytesTotal === undefined || bytesTotal === 0
    ? undefined
    : Math.min(bytesRead / bytesTotal, 0.99);
  const known = share !== undefined && share > 0 && rowsCommitted > 0 &&
    milliseconds >= JUDGED_AFTER_MS;
  return {
    rows: rowsCommitted,
    rowsPerSecond: seconds > 0 ? Math.round(rowsCommitted / seconds) : 0,
    bytes: bytesRead,
    ...(share === undefined ? {} : { share }),
    ...(known ? { secondsLeft: Math.ceil(seconds * (1 - share) / share) } : {}),
  };
}

/**
 * As many pieces as fit into `width` columns, two spaces apart: those at the end go first. The first
 * is cut where it alone does not fit. One column is one UTF-16 unit: pieces are ASCII.
 */
export function fitPieces(pieces: readonly string[], width: number): string {
  let line = "";
  for (const [index, piece] of pieces.entries()) {
    const longer = index === 0 ? piece : `${line}  ${piece}`;
    if (longer.length > width) break;
    line = longer;
  }
  return line === "" ? (pieces[0] ?? "").slice(0, Math.max(width, 0)) : line;
}
