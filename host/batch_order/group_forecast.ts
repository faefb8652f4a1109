/**
 * What the next batch of a lane is expected to be like: as the load's shape has it, as the batch before
 * was, or in groups again. It is wrong at the first batch that differs, and learns.
 */
import { shapeKey } from "../../src/model/batch.ts";
import type { Shape } from "../../src/model/batch.ts";
import type { BatchGroups } from "../drivers/driver.ts";

/**
 * What the next batch of a lane is expected to be like: as the load's shape has it, as the batch
 * before was, or in groups again.
 */
export class GroupForecast {
  /** Whether the rows of the next batch are to be gathered before it is sent. */
  gather = false;
  /** The one group that the next batch is expected to be; undefined where it is of the load's shape. */
  whole: BatchGroups | undefined;

  /** Learns what a batch has come to. */
  learn(shape: Shape, { groups, widest }: BatchGroups): void {
    const [first] = groups;
    this.gather = groups.length > 1;
    this.whole = first && !this.gather && shapeKey(first.shape) !== shapeKey(shape)
      ? { groups: [{ shape: first.shape, plan: first.plan }], widest }
      : undefined;
  }

  /** Expects the load's shape, which has changed. */
  forget(): void {
    this.gather = false;
    this.whole = undefined;
  }
}
