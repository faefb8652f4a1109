/**
 * What the tests know of the plans of one family, for `test/attack` and `test/fuzz`. It is exported as
 * `plans` by `plans.ts` of the family's folder; hostile plans stand in `test/attack/<family>_*.cases.ts`.
 */
import type { SqlWords } from "../../host/drivers/sql/words.ts";
import type { PlannedWrite } from "../../src/plugin_api/plan.ts";
import type { Shape, WriteMode } from "../../src/model/batch.ts";
import type { HarmBench } from "./harm_bench.ts";

/** Statements by phase, and how rows are sent. */
export interface AttackPlan {
  readonly session?: readonly string[];
  readonly teardown?: readonly string[];
  readonly health?: readonly string[];
  readonly create?: readonly string[];
  readonly prepare?: readonly string[];
  readonly stage?: readonly string[];
  readonly merge?: readonly string[];
  readonly finish?: readonly string[];
  readonly write?: { readonly insert: string; readonly row?: string };
}

/** What the tests know of the plans of one family, for `test/attack` and `test/fuzz`. */
export interface PlanFamily {
  /** Plans that are in order, for a table of an integer key `{col:0}` and two texts that may be null. */
  readonly honest: Readonly<Record<WriteMode, AttackPlan>>;
  /** What the driver calls things as it fills slots. */
  readonly words: SqlWords;
  /** A plan's INSERT as the driver runs it for a whole batch, where that is another statement. */
  readonly bulkInsert?: (write: PlannedWrite, shape: Shape) => string | undefined;
  /** Whether a table is named with its schema. */
  readonly inSchemas: boolean;
  /**
   * What the database's own parser says where it reads something else than the forms do. What it reads
   * alike and cannot run is its own affair: such a plan is refused, and nothing was missed.
   */
  readonly readsOtherwise: RegExp;
  /** Hostile plans that only the forms refuse, by the reason why the database does not see them. */
  readonly unseen: Readonly<Record<string, readonly string[]>>;
  /** Opens a database in which hostile plans are run as they stand. */
  openBench(): Promise<HarmBench>;
}
