/**
 * How large ranges are, each of which is a transaction: as large as pays off, since each begins with
 * pages that are new to the server; smaller where lanes would else have one or none to write.
 */
import type { LoadRequest } from "../../src/model/backend.ts";
import { LIMITS } from "../../src/model/limits.ts";

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

/** How large the transactions of a load are. */
export interface LoadSizes {
  /** Whether its source may come in ranges. */
  readonly ranges: boolean;
  /** Bytes of a batch or range, at the most, as the load row has it. */
  readonly batchBytesMax: number;
  /** Bytes of a batch that is read before it is written, though its load was begun with larger ranges. */
  readonly bufferBytesMax: number;
}

/** The sizes of a load; `streams` where its driver writes ranges. */
export function loadSizes(
  { rangeBytesMax, batchBytesMax, sourceBytes }: Pick<
    LoadRequest,
    "rangeBytesMax" | "batchBytesMax" | "sourceBytes"
  >,
  { streams, lanes, planBytes }: {
    readonly streams: boolean;
    readonly lanes: number;
    readonly planBytes: number;
  },
): LoadSizes {
  const bytes = Math.min(batchBytesMax, planBytes);
  if (!streams) {
    return { ranges: false, batchBytesMax: bytes, bufferBytesMax: LIMITS.batchBytesMax };
  }
  if (rangeBytesMax === undefined) {
    return { ranges: false, batchBytesMax: bytes, bufferBytesMax: bytes };
  }
  const most = rangeBytes(rangeBytesMax, { sourceBytes, lanes, planBytes });
  return { ranges: true, batchBytesMax: most, bufferBytesMax: bytes };
}
