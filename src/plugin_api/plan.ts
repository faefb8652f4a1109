import * as v from "valibot";
import { LIMITS } from "../model/limits.ts";

const Statement = v.pipe(v.string(), v.minLength(1), v.maxBytes(LIMITS.statementBytesMax));
const Statements = v.pipe(
  v.array(Statement),
  v.maxLength(LIMITS.statementsPerPhaseMax),
  v.readonly(),
);
const Count = v.pipe(v.number(), v.integer(), v.minValue(1));

const PlanObject = v.strictObject({
  create: Statements,
  prepare: Statements,
  stage: Statements,
  merge: Statements,
  finish: Statements,
  batch: v.strictObject({ rowsMax: Count, bytesMax: Count }),
  write: v.strictObject({
    sql: Statement,
    row: Statement,
    rowsMax: v.pipe(Count, v.maxValue(65_535)),
  }),
});

/** What a plan must be; see {@linkcode Plan}. */
export const PlanSchema = v.pipe(
  PlanObject,
  v.check(
    (plan) => textLength(plan) <= LIMITS.planBytesMax,
    `Expected at most ${LIMITS.planBytesMax} bytes of statements`,
  ),
);

/** Characters of all statements; those beyond ASCII are refused anyhow. */
function textLength({ create, prepare, stage, merge, finish, write }: Plan): number {
  const texts = [...create, ...prepare, ...stage, ...merge, ...finish, write.sql, write.row];
  return texts.reduce((sum, { length }) => sum + length, 0);
}

/**
 * What a plugin plans for one shape. Statements carry slots, never names; see `policy/slot.ts`.
 *
 * Order of execution: `create` and `prepare` once a load, `stage` once a connection, then for each batch the
 * write and `merge`, and `finish` once, in the transaction that marks the load as complete.
 */
export interface Plan {
  /** DDL of the target table, once a load, only where the table is not there. */
  readonly create: readonly string[];
  /** Further DDL, once a load, before the first batch. */
  readonly prepare: readonly string[];
  /** Staging, once a connection that carries a lane of the load. */
  readonly stage: readonly string[];
  /** Each batch, in its transaction, once its rows stand in staging. */
  readonly merge: readonly string[];
  /** Once a load, after the last batch. */
  readonly finish: readonly string[];
  /** The batch that this database takes best. */
  readonly batch: { readonly rowsMax: number; readonly bytesMax: number };
  /** Where rows go. */
  readonly write: PlannedWrite;
}

/**
 * Where rows go: an INSERT of many rows. How they travel there is the driver's: one that only inserts
 * may be carried by something faster, such as a COPY.
 */
export interface PlannedWrite {
  /** Carries {rows}, and {ordinal} as a column where the row has it. */
  readonly sql: string;
  /** One row, with {value:i} or {values}, and {ordinal} where its number is staged with it. */
  readonly row: string;
  /** Rows in one statement, where they go by statements. */
  readonly rowsMax: number;
}

type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const _pinned: Equal<v.InferOutput<typeof PlanSchema>, Plan> = true;
void _pinned;
