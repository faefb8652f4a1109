/** How rows travel to the server: by COPY where a plan only inserts, or by INSERT statements. */
import type { Plan, PlannedWrite } from "../../../src/plugin_api/plan.ts";
import { type Shape, tableLabel } from "../../../src/model/batch.ts";
import type { Config, ConfigField } from "../../../src/model/config_schema.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { type PlainInsert, plainInsert } from "../../../src/plan_policy/plain_insert.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import type { Session } from "./session.ts";

/** What the settings say of it. */
export interface Bulk {
  /** `auto`: by COPY where that means the same; `copy` insists on it. */
  readonly way: typeof WAYS[number];
  /** How COPY writes rows down; `auto` takes what the server reads faster. */
  readonly format: typeof FORMATS[number];
}

const WAYS = ["auto", "copy", "insert"] as const;
const FORMATS = ["auto", "text", "binary"] as const;

/** The settings of a connection that say it. */
export const BULK_SETTINGS: Readonly<Record<string, ConfigField>> = {
  bulk: {
    type: "string",
    description:
      "How rows travel: copy, or insert for statements of many rows, where a server or " +
      "what stands before it takes no COPY; auto is copy wherever a plan only inserts, and no " +
      "row-level security is in force.",
    enum: WAYS,
    default: "auto",
  },
  copyFormat: {
    type: "string",
    description: "How COPY writes rows down: auto is binary where the table's types allow it and " +
      "the server is faster for it, binary insists on it.",
    enum: FORMATS,
    default: "auto",
  },
};

/** Reads the settings. */
export function readBulk({ bulk, copyFormat }: Config): Bulk {
  return {
    way: WAYS.find((way) => way === bulk) ?? "auto",
    format: FORMATS.find((format) => format === copyFormat) ?? "auto",
  };
}

/** A plan's insert, and the shape that it is for. */
export interface ShapedInsert {
  readonly write: PlannedWrite;
  readonly shape: Shape;
}

/** What a COPY does in place of a plan's insert; undefined where that is sent. */
export function copiedInsert(
  { way }: Bulk,
  { write, shape }: ShapedInsert,
): PlainInsert | undefined {
  return way === "insert" ? undefined : plainInsert(write, shape);
}

/** Whether a table takes a COPY from this role: none does on which row-level security is in force. */
export async function takesCopy(
  session: Session,
  { into, names }: { readonly into: PlainInsert["into"]; readonly names: SlotNames },
): Promise<boolean> {
  if (session.bulk.way === "copy" || into !== "table") return true;
  const [row] = await session.all(
    "SELECT pg_catalog.row_security_active(pg_catalog.to_regclass($1::text))",
    [names.table],
  );
  return row?.[0] !== "t";
}

/** The insert that is sent. Where COPY could stand for it, it does what COPY would. */
export function sentInsert({ write, shape }: ShapedInsert): PlannedWrite {
  const plain = plainInsert(write, shape);
  if (!plain) return write;
  const columns = plain.ordinal ? "{columns}, {ordinal}" : "{columns}";
  // COPY writes into a column that is GENERATED ALWAYS AS IDENTITY. Elsewhere it means nothing.
  const sql = `INSERT INTO {${plain.into}} (${columns}) OVERRIDING SYSTEM VALUE VALUES {rows}`;
  return { ...write, sql };
}

/** Refuses a plan that COPY cannot stand for, where the settings insist on it. @throws {LoadError} */
export function checkBulk(
  { way }: Bulk,
  { shape, plan }: { readonly shape: Shape; readonly plan: Plan },
): void {
  if (way !== "copy" || plainInsert(plan.write, shape)) return;
  throw new LoadError(
    `The plan for ${
      tableLabel(shape.table)
    } does more than to insert, so that no COPY can carry its ` +
      "rows: set bulk to auto or insert",
    { code: "config_invalid", blame: "config" },
  );
}
