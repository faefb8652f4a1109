/** Changes of a plan, and of the shape that it is said to be for. */
import { type Shape, WRITE_MODES } from "../../src/model/batch.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Random } from "../crash/random.ts";
import type { PlanSeed } from "./plan_seed.ts";
import { longStatement, mutateStatement } from "./statement_mutation.ts";

/** What is handed to the policy: nothing is sure of it any more. */
export interface PlanDraft {
  readonly draft: unknown;
  readonly shape: Shape;
}

const PHASES = ["create", "prepare", "stage", "merge", "finish"] as const;
const VALUES: readonly unknown[] = [
  ...[null, undefined, 0, -1, 1.5, NaN, Infinity, 2 ** 53, 65_536, "", "text", true, [], {}, [[]], [
    "x",
    1,
  ]],
];

type Loose = Record<string, unknown> & { write: Record<string, unknown> };

/** A plan with some changes, mostly of its statements. */
export function mutatePlan({ plan, shape }: PlanSeed, random: Random): PlanDraft {
  const loose = structuredClone(plan) as unknown as Loose;
  let changed = shape;
  do {
    const draw = random.below(20);
    if (draw < 13) changeStatement(loose, random, { by: mutateStatement });
    else if (draw < 15) moveStatement(loose, random);
    else if (draw < 17) changeWrite(loose, random);
    else if (draw < 18) changed = otherShape(changed, random);
    else if (draw < 19) changeValue(loose, random);
    else if (random.below(4) === 0) changeStatement(loose, random, { by: longStatement });
  } while (random.below(3) === 0);
  return { draft: loose, shape: changed };
}

/** The lists of statements that are lists of statements still. */
function lists(plan: Loose): string[][] {
  return PHASES.map((phase) => plan[phase]).filter((list): list is string[] =>
    Array.isArray(list) && list.every((sql) => typeof sql === "string")
  );
}

function changeStatement(
  plan: Loose,
  random: Random,
  { by }: { readonly by: (sql: string, random: Random) => string },
): void {
  const change = (sql: string) => by(sql, random);
  const places: (() => void)[] = lists(plan).flatMap((list) =>
    list.map((_, i) => () => void (list[i] = change(list[i]!)))
  );
  for (const name of ["sql", "row"]) {
    const sql = plan.write?.[name];
    if (typeof sql === "string") places.push(() => void (plan.write[name] = change(sql)));
  }
  if (places.length > 0) random.oneOf(places)();
}

/** A statement less, or twice, or in another phase. */
function moveStatement(plan: Loose, random: Random): void {
  const all = lists(plan);
  const from = all.filter((list) => list.length > 0);
  if (from.length === 0) return;
  const list = random.oneOf(from);
  const at = random.below(list.length);
  const sql = list[at]!;
  if (random.below(2) === 0) list.splice(at, 1);
  if (random.below(2) === 0) {
    const to = random.oneOf(all);
    const times = random.below(30) === 0 ? LIMITS.statementsPerPhaseMax + 1 : 1;
    to.splice(random.below(to.length + 1), 0, ...new Array<string>(times).fill(sql));
  }
}

function changeWrite(plan: Loose, random: Random): void {
  if (typeof plan.write !== "object" || plan.write === null) return;
  switch (random.below(4)) {
    case 0:
      plan.write.kind = random.oneOf(["copy", "insert", "nope"]);
      break;
    case 1:
      plan.write.row = random.oneOf([
        "({values})",
        "({values}, {ordinal})",
        "({ordinal})",
        "{rows}",
      ]);
      break;
    case 2:
      plan.write.sql = random.oneOf([
        "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        "INSERT INTO {table} ({columns}) VALUES {rows}",
        "COPY {table} ({columns}) FROM STDIN",
      ]);
      break;
    default:
      plan.write.rowsMax = random.oneOf([0, 1, 65_535, 65_536, -1, 1.5]);
  }
}

function changeValue(plan: Loose, random: Random): void {
  const name = random.oneOf([...PHASES, "batch", "write", "more", "__proto__"]);
  const value = random.oneOf(VALUES);
  if (name === "batch" && random.below(2) === 0) plan.batch = { rowsMax: value, bytesMax: 1 };
  else {Object.defineProperty(plan, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });}
}

/** The same table with another mode, a column less, or another key. */
function otherShape(shape: Shape, random: Random): Shape {
  switch (random.below(3)) {
    case 0:
      return { ...shape, mode: random.oneOf(WRITE_MODES) };
    case 1:
      return shape.columns.length < 2 ? shape : { ...shape, columns: shape.columns.slice(1) };
    default:
      return {
        ...shape,
        columns: shape.columns.map((column) => ({ ...column, key: random.below(3) === 0 })),
      };
  }
}
