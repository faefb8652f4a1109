/**
 * The layers that hold a plan to the policy, in their order. Each is whole by itself: what one refuses
 * may be refused by a later one as well, for a reason of its own, and `test/attack` tries each with
 * those before it left out.
 *
 * The schema stands before them, since what is no plan has no statements; the database's own parser or
 * rehearsal ({@linkcode PlanVerifier}) behind them.
 */
import type { Shape } from "../model/batch.ts";
import { LoadError, messageOf } from "../model/errors.ts";
import type { Plan } from "../plugin_api/plan.ts";
import {
  type DialectRecipes,
  type Refusal,
  refusalOf,
  type SessionPhase,
  sessionRefusal,
} from "./recipes.ts";
import { parseTemplate, type Slot } from "./slot.ts";
import { textFault } from "./statement_text.ts";
import { tokensOf } from "./token.ts";

type SlotKind = Slot["kind"];

/** One of them. */
export interface PlanLayer {
  /** What it looks at. */
  readonly name: "tokens" | "slots" | "recipe";
  /** Why it refuses a plan; undefined where it does not. */
  refusalOf(plan: Plan, shape: Shape, dialect: DialectRecipes): Refusal | undefined;
}

const NAMES: readonly SlotKind[] = [
  "table",
  "table_name",
  "columns",
  "keys",
  "col",
  "staging",
  "aside",
  "ordinal",
];
const PHASE_SLOTS = {
  create: NAMES,
  prepare: NAMES,
  stage: NAMES,
  merge: NAMES,
  finish: NAMES,
  insert: [...NAMES, "rows"],
  row: ["value", "values", "ordinal"],
} as const satisfies Record<string, readonly SlotKind[]>;

/** One text of a plan, and where it stands. */
interface Placed {
  readonly sql: string;
  readonly at: string;
  readonly phase: keyof typeof PHASE_SLOTS;
}

/** Every layer of the policy, the first to be asked first. */
export const PLAN_LAYERS: readonly PlanLayer[] = [
  {
    name: "tokens",
    refusalOf: (plan) => first(plan, ({ sql }) => textFault(sql)),
  },
  {
    name: "slots",
    refusalOf: (plan, shape) =>
      first(plan, (text) => slotFault(text, shape)) ?? countFault(plan, shape),
  },
  { name: "recipe", refusalOf },
];

/** The same for a statement outside of loads: it names no table, so it carries no slot. */
export const SESSION_LAYERS: readonly {
  readonly name: PlanLayer["name"];
  refusalOf(sql: string, phase: SessionPhase, dialect: DialectRecipes): string | undefined;
}[] = [
  { name: "tokens", refusalOf: textFault },
  {
    name: "slots",
    refusalOf: (sql) => /[{}]/.test(sql) ? "it carries a slot, where there is no table" : undefined,
  },
  {
    name: "recipe",
    refusalOf: (sql, phase, dialect) => sessionRefusal(sql, phase, { dialect, at: phase })?.why,
  },
];

/** What is wrong with the first of a plan's texts with which anything is. */
function first(plan: Plan, fault: (text: Placed) => string | undefined): Refusal | undefined {
  for (const text of textsOf(plan)) {
    const why = fault(text);
    if (why !== undefined) return { at: text.at, why };
  }
  return undefined;
}

function* textsOf(plan: Plan): Generator<Placed> {
  for (const phase of ["create", "prepare", "stage", "merge", "finish"] as const) {
    for (const [i, sql] of plan[phase].entries()) yield { sql, phase, at: `${phase}[${i}]` };
  }
  yield { sql: plan.write.sql, phase: "insert", at: "insert.sql" };
  yield { sql: plan.write.row, phase: "row", at: "insert.row" };
}

function slotFault({ sql, phase }: Placed, shape: Shape): string | undefined {
  const allowed: readonly SlotKind[] = PHASE_SLOTS[phase];
  try {
    const template = parseTemplate(sql, shape.columns.length);
    for (const piece of template) {
      if (typeof piece === "string") continue;
      if (!allowed.includes(piece.kind)) {
        return `the slot {${piece.kind}} has no meaning there: it ${placeOf(piece.kind)}`;
      }
      // Filled, it would leave empty brackets, which no database reads.
      if (piece.kind === "keys" && !shape.columns.some(({ key }) => key)) {
        return "the slot {keys} has no meaning there: no column is a key";
      }
    }
    const tokens = tokensOf(template);
    return typeof tokens === "string" ? tokens : undefined;
  } catch (error) {
    if (error instanceof LoadError) return messageOf(error);
    throw error;
  }
}

/** Where a slot stands that has no meaning elsewhere. */
function placeOf(kind: SlotKind): string {
  switch (kind) {
    case "rows":
      return "stands in the statement of sql_insert";
    case "value":
    case "values":
      return "stands in the row template of sql_insert";
    default:
      return "stands in statements, and a row has values alone";
  }
}

/** Rows go out once, and the numbers of rows where there is a column for them. */
function countFault({ write }: Plan, shape: Shape): Refusal | undefined {
  const at = "insert.sql";
  if (slotCount(write.sql, "rows", shape) !== 1) return { at, why: "it must carry {rows} once" };
  const ordinals = slotCount(write.row, "ordinal", shape);
  return ordinals > 1 || slotCount(write.sql, "ordinal", shape) !== ordinals
    ? { at, why: "it must carry {ordinal} once where the row has it once" }
    : undefined;
}

function slotCount(sql: string, kind: SlotKind, shape: Shape): number {
  const template = parseTemplate(sql, shape.columns.length);
  return template.filter((piece) => typeof piece !== "string" && piece.kind === kind).length;
}
