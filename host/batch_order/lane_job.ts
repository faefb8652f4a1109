/** What a lane has to do: a batch or a range, and how far it is. */
import type { KeepRejects, WriteResult } from "../../src/model/backend.ts";
import type { Batch, BatchRange } from "../../src/model/batch.ts";
import type { Attempts } from "../connections/attempts.ts";
import type { BatchGroups, RangeResult } from "../drivers/driver.ts";

/** What the rows of a load's batches are, and what they may be besides. */
export type LaneShape = Required<Pick<Batch, "shape" | "optional">>;

/** A batch whose shape is its lane's. */
export type LaneBatch = Omit<Batch, keyof LaneShape>;

/** A range whose shape is its lane's. */
export type LaneRange = Omit<BatchRange, keyof LaneShape>;

/** Reads the records of a range; undefined where there are none after all. */
export type ReadRange = () => Promise<LaneBatch | undefined>;

/** How a batch is to be written. */
export interface JobOptions {
  readonly rejectsMax: number;
  readonly keep: KeepRejects;
}

/** A batch, or a range, until it is settled. */
export interface Job {
  readonly sequence: number;
  /** Its place in the order in which batches were given to all lanes. */
  readonly place: number;
  /** Undefined while it is a range that nobody has read. */
  batch: LaneBatch | undefined;
  readonly range: LaneRange | undefined;
  readonly read: ReadRange | undefined;
  /** Whether the range is to be read: it was not written in one go. */
  toRead: boolean;
  readonly rejectsMax: number;
  readonly keep: KeepRejects;
  readonly attempts: Attempts;
  alone: boolean;
  /** Whether an attempt at it has handed over rows to keep. */
  kept: boolean;
  /** Whether its rows are known to vary. */
  varies: boolean;
  /** Its rows in groups, once they are gathered. */
  groups: BatchGroups | undefined;
  /** It is being made ready, or is ready; undefined while nothing was done for it. */
  ready: Promise<ReadyJob> | undefined;
  readonly settled: PromiseWithResolvers<WriteResult>;
}

/** A job that is with the connection. */
export interface ReadyJob {
  /** Writes it, once, in its turn. */
  write(): Promise<WriteResult | RangeResult>;
  /** Gives the batch back to the job instead. */
  takeBack(): Promise<void>;
}

/** A range that was read, and has no record. */
export const NOTHING_READ: ReadyJob = {
  write: () =>
    Promise.resolve({
      kind: "written",
      counts: { read: 0, committed: 0, superseded: 0, rejected: 0 },
      contentHash: "",
      milliseconds: 0,
    }),
  takeBack: () => Promise.resolve(),
};

/** What becomes of a batch behind one that will not be written. */
export function notBegun(sequence: number): Extract<WriteResult, { kind: "retry" }> {
  const message = `Batch ${sequence} was not begun, since an earlier one was not written`;
  return {
    kind: "retry",
    failure: { kind: "unavailable", code: "NOT_BEGUN", message },
    afterMs: 0,
  };
}
