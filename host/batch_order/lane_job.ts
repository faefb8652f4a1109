/** What a lane has to do: a batch or a range, and how far it is. */
import type { KeepRejects, WriteResult } from "../../src/model/backend.ts";
import type { Batch, BatchRange } from "../../src/model/batch.ts";
import type { Failure } from "../../src/model/failure.ts";
import type { Attempts } from "../connections/attempts.ts";
import type { BatchGroups } from "../drivers/driver.ts";

/** Why a lane has stopped for now. */
export interface Halt {
  /** How long to wait. */
  readonly waitMs: number;
  readonly failure: Failure;
  /** Whether the batches are to get another shape. */
  readonly reshape?: boolean;
}

/** A batch, or a range, until it is settled. */
export interface Job {
  readonly sequence: number;
  /** Undefined while it is a range that nobody has read. */
  batch: Batch | undefined;
  range: BatchRange | undefined;
  /** Reads the range; nothing, where it has no record after all. */
  readonly read: ReadRange | undefined;
  /** Whether it is to be read: it was not written in one go. */
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
  /** Whether it is with the connection. */
  sent: boolean;
  readonly settled: PromiseWithResolvers<WriteResult>;
}

/** How a batch is to be written. */
export interface JobOptions {
  readonly rejectsMax: number;
  readonly keep: KeepRejects;
}

/** Reads the records of a range; undefined where there are none after all. */
export type ReadRange = () => Promise<Omit<Batch, "shape"> | undefined>;

/** A range without records, that was read. */
export const NOTHING_READ: WriteResult = {
  kind: "written",
  counts: { read: 0, committed: 0, superseded: 0, rejected: 0 },
  contentHash: "",
  milliseconds: 0,
};
