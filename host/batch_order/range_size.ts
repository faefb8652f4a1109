/**
 * How large ranges are, each of which is a transaction: as large as pays off, since each begins with
 * pages that are new to the server; smaller where lanes would else have one or none to write.
 */
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { ChosenBy, LoadRequest } from "../../src/model/backend.ts";
import type { RangeWriting } from "../drivers/driver.ts";
import { LIMITS } from "../../src/model/limits.ts";

/** Smaller ones cost more than they bring. */
const BYTES_MIN = 4 * 1024 * 1024;
/** Ranges end at a line end before their limit: else a last one would be what all others lack. */
const SLACK_BYTES = 64 * 1024;

/** What the size of ranges depends on. */
export interface RangeSizeOptions {
  readonly sourceBytes: number | undefined;
  readonly lanes: number;
  /** Bytes that the plan asks for. */
  readonly planBytes: number;
  /** Bytes that the driver writes at once, at the most. */
  readonly driverBytes: number;
}

/** The most bytes of a range. What the user asks for is heeded, and a plan that asks for less than usual. */
export function rangeBytes(
  bytesMax: number,
  { sourceBytes, lanes, planBytes, driverBytes }: RangeSizeOptions,
): Chosen {
  const asked: Chosen = bytesMax < driverBytes
    ? { value: bytesMax, by: "option" }
    : { value: driverBytes, by: "default" };
  const most = planBytes < LIMITS.batchBytesDefault
    ? lower(asked.value, planBytes, LIMITS.batchBytesDefault)
    : asked;
  if (sourceBytes === undefined) return most;
  const rounds = Math.ceil(sourceBytes / most.value / lanes);
  const even = Math.ceil(sourceBytes / (rounds * lanes)) + SLACK_BYTES;
  const value = Math.max(BYTES_MIN, even);
  return value < most.value ? { value, by: "source" } : most;
}

/** A limit, and whose choice it is. */
export interface Chosen {
  readonly value: number;
  readonly by: ChosenBy;
}

/** The lower one of what the user and a plan ask for, who says what is usual where it asks for nothing. */
function lower(option: number, plan: number, usual: number): Chosen {
  if (option < plan) return { value: option, by: "option" };
  return { value: plan, by: plan === usual ? "default" : "plugin" };
}

/**
 * The most bytes of a batch that is read before it is written. Where it is written in one pass, it alone
 * is what a load keeps in memory: unless somebody says how large batches are, it is smaller then.
 */
function batchBytes(
  { batchBytesMax, batchRowsMax }: Pick<LoadRequest, "batchBytesMax" | "batchRowsMax">,
  { streams, planBytes }: { readonly streams: boolean; readonly planBytes: number },
): Chosen {
  const chosen = lower(batchBytesMax, planBytes, LIMITS.batchBytesDefault);
  const isAsked = chosen.by !== "default" || batchRowsMax < LIMITS.batchRowsMax ||
    batchBytesMax < LIMITS.batchBytesMax;
  return streams && !isAsked ? { value: LIMITS.onePassBytesDefault, by: "default" } : chosen;
}

/** How large the transactions of a load are. */
export interface LoadSizes {
  /** Bytes of a range, at the most; undefined where the source may not come in such. */
  readonly range: Chosen | undefined;
  /** Bytes of a batch that is read before it is written. */
  readonly bytes: Chosen;
  /** Rows of such a batch. */
  readonly rows: Chosen;
  /** Bytes of such a batch, though its load was begun with larger ones. */
  readonly bytesMax: number;
}

/** The sizes of a load; `ranges` where its driver writes such. */
export function loadSizes(
  request: Pick<LoadRequest, "rangeBytesMax" | "batchBytesMax" | "batchRowsMax" | "sourceBytes">,
  { ranges, lanes, plan }: {
    readonly ranges: RangeWriting | undefined;
    readonly lanes: number;
    readonly plan: Plan["batch"];
  },
): LoadSizes {
  const { rangeBytesMax, batchRowsMax, sourceBytes } = request;
  const bytes = batchBytes(request, {
    streams: ranges?.streams ?? false,
    planBytes: plan.bytesMax,
  });
  const rows = lower(batchRowsMax, plan.rowsMax, LIMITS.batchRowsDefault);
  const range = ranges && rangeBytesMax !== undefined
    ? rangeBytes(rangeBytesMax, {
      ...{ sourceBytes, lanes, planBytes: plan.bytesMax, driverBytes: ranges.bytesMax },
    })
    : undefined;
  // Where a family writes no ranges, what a load's row says holds.
  return { range, bytes, rows, bytesMax: ranges ? bytes.value : LIMITS.batchBytesMax };
}
