import * as v from "valibot";
import { LIMITS } from "../limits.ts";

const Statement = v.pipe(v.string(), v.minLength(1), v.maxBytes(LIMITS.statementBytesMax));
const Statements = v.pipe(
  v.array(Statement),
  v.maxLength(LIMITS.statementsPerPhaseMax),
  v.readonly(),
);
const Count = v.pipe(v.number(), v.integer(), v.minValue(1));

/**
 * How the rows of a COPY may be written down: PostgreSQL's text format, its binary one, or whichever
 * the driver finds best. The position in this list is the number that plugins give: append only.
 */
export const COPY_FORMATS = ["text", "binary", "any"] as const satisfies readonly PlannedFormat[];

/** See {@linkcode COPY_FORMATS}. */
export type PlannedFormat = "text" | "binary" | "any";

const PlanObject = v.strictObject({
  create: Statements,
  prepare: Statements,
  stage: Statements,
  merge: Statements,
  finish: Statements,
  batch: v.strictObject({ rowsMax: Count, bytesMax: Count }),
  write: v.variant("kind", [
    v.strictObject({
      kind: v.literal("copy"),
      sql: Statement,
      format: v.picklist(COPY_FORMATS),
      ordinal: v.boolean(),
    }),
    v.strictObject({
      kind: v.literal("insert"),
      sql: Statement,
      row: Statement,
      rowsMax: v.pipe(Count, v.maxValue(65_535)),
    }),
  ]),
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
  const texts = [...create, ...prepare, ...stage, ...merge, ...finish, write.sql];
  const row = write.kind === "insert" ? write.row.length : 0;
  return texts.reduce((sum, { length }) => sum + length, row);
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
  /** How rows are sent. */
  readonly write: PlannedWrite;
}

/** How rows are sent: one COPY for a batch, or INSERT statements of many rows each. */
export type PlannedWrite =
  | {
    readonly kind: "copy";
    /** Carries {format} where `format` is not `text`. */
    readonly sql: string;
    readonly format: PlannedFormat;
    /** Whether the row's ordinal is sent as a last column. */
    readonly ordinal: boolean;
  }
  | {
    readonly kind: "insert";
    /** Carries {rows}. */
    readonly sql: string;
    /** One row, with {value:i} or {values}. */
    readonly row: string;
    /** Rows in one statement. */
    readonly rowsMax: number;
  };

type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const _pinned: Equal<v.InferOutput<typeof PlanSchema>, Plan> = true;
void _pinned;
