/**
 * Which inserts are plain: all that they do is to put each row's values into their columns, so that a
 * driver may carry them by anything that does just that, such as PostgreSQL's COPY. An expression, a
 * cast, ON CONFLICT or RETURNING does more; columns in another order are for no bulk path either.
 */
import type { PlannedWrite } from "../plugin_api/plan.ts";
import type { Shape } from "../model/batch.ts";
import { misfitOf } from "./pattern_match.ts";
import { parsePattern } from "./statement_pattern.ts";
import { parseTemplate, type Template } from "./slot.ts";
import { tokensOf } from "./token.ts";

/**
 * Which inserts are plain: all that they do is to put each row's values into their columns, so that
 * a driver may carry them by anything that does just that, such as PostgreSQL's COPY.
 */
export interface PlainInsert {
  /** The slot of the table that takes the rows. */
  readonly into: typeof TARGETS[number];
  /** Whether each row's ordinal stands behind its values, in the column of that name. */
  readonly ordinal: boolean;
}

const TARGETS = ["table", "aside", "staging"] as const;
/** OVERRIDING SYSTEM VALUE is what a bulk path does anyhow: what the rows say is what is stored. */
const STATEMENT = "INSERT INTO <{table} | {aside} | {staging}> ( {columns} ) " +
  "[OVERRIDING SYSTEM VALUE] VALUES {rows}";
const ROW = "( <{values} | each( {value} )> )";
/** Only staging has a column for the ordinal. */
const STATEMENT_ORDINAL = "INSERT INTO {staging} ( {columns} , {ordinal} ) " +
  "[OVERRIDING SYSTEM VALUE] VALUES {rows}";
const ROW_ORDINAL = "( <{values} | each( {value} )> , {ordinal} )";

const PATTERNS = [
  { statement: parsePattern(STATEMENT), row: parsePattern(ROW), ordinal: false },
  { statement: parsePattern(STATEMENT_ORDINAL), row: parsePattern(ROW_ORDINAL), ordinal: true },
] as const;

/** What a plan's insert comes to where it is plain; undefined where it is to be sent as it is. */
export function plainInsert(
  write: Pick<PlannedWrite, "sql" | "row">,
  shape: Pick<Shape, "columns">,
): PlainInsert | undefined {
  const statement = parseTemplate(write.sql, shape.columns.length);
  const row = parseTemplate(write.row, shape.columns.length);
  for (const pattern of PATTERNS) {
    if (!fits(statement, pattern.statement, shape) || !fits(row, pattern.row, shape)) continue;
    const into = TARGETS.find((target) => hasSlot(statement, target));
    return into && { into, ordinal: pattern.ordinal };
  }
  return undefined;
}

function fits(
  template: Template,
  pattern: Parameters<typeof misfitOf>[1],
  shape: Pick<Shape, "columns">,
): boolean {
  const tokens = tokensOf(template);
  return typeof tokens !== "string" && misfitOf(tokens, pattern, shape) === undefined;
}

function hasSlot(template: Template, kind: string): boolean {
  return template.some((piece) => typeof piece !== "string" && piece.kind === kind);
}
