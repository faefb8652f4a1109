/**
 * How large ranges are, each of which is a transaction: as large as pays off, since each begins with
 * pages that are new to the server; smaller where lanes would else have one or none to write.
 */
import type { LoadRequest } from "../../src/backend.ts";
import { LIMITS } from "../../src/limits.ts";

/** Smaller ones cost more than they bring. */
const BYTES_MIN = 4 * 1024 * 1024;
/** Ranges that there are for each lane, at the least. */
const RANGES_PER_LANE = 2;
/** Ranges end at a line end before their limit: else a last one would be what all others lack. */
const SLACK_BYTES = 64 * 1024;

/** The most bytes of a range. What the user asks for is heeded, and a plan that asks for less than usual. */
export function rangeBytes(
  bytesMax: number,
  { sourceBytes, lanes, planBytes }: {
    readonly sourceBytes: number | undefined;
    readonly lanes: number;
    readonly planBytes: number;
  },
): number {
  const most = Math.min(
    bytesMax,
    ...[planBytes].filter((bytes) => bytes < LIMITS.batchBytesDefault),
  );
  if (sourceBytes === undefined) return most;
  const rounds = Math.max(RANGES_PER_LANE, Math.ceil(sourceBytes / most / lanes));
  const even = Math.ceil(sourceBytes / (rounds * lanes)) + SLACK_BYTES;
  return Math.min(most, Math.max(BYTES_MIN, even));
}

/** The most bytes of a batch of a load, which comes in ranges or does not. */
export function batchBytes(
  { rangeBytesMax, batchBytesMax, sourceBytes }: LoadRequest,
  { ranges, lanes, planBytes }: {
    readonly ranges: boolean;
    readonly lanes: number;
    readonly planBytes: number;
  },
): number {
  return ranges && rangeBytesMax !== undefined
    ? rangeBytes(rangeBytesMax, { sourceBytes, lanes, planBytes })
    : Math.min(batchBytesMax, planBytes);
}
