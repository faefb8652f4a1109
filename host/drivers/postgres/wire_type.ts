/**
 * How the rows of a COPY are sent: as text, which every column takes, or in the binary form, which
 * the codec writes for certain types of the server and for no other.
 */
import { type Shape, tableLabel } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { CopyOptions, WireType } from "../../codec/codec.ts";
import { ORDINAL_NAME } from "../sql/names.ts";
import type { Bulk } from "./bulk.ts";
import { logicalType } from "./names_and_types.ts";
import type { Session } from "./session.ts";

/** The part of the codec's options that depends on the table. */
export type CopyForm = Pick<CopyOptions, "format" | "types">;

/** A COPY whose form is asked for. */
export interface FormRequest {
  readonly shape: Shape;
  /** The table that it goes to, as the server is told it: staging is there once it is staged. */
  readonly target: string;
  /** Whether the row's ordinal goes with it. */
  readonly ordinal: boolean;
  readonly format: Bulk["format"];
}

/**
 * The binary form of a column's cells, by its logical type and the server's own, which have to go
 * together: others mean the same in the text form alone. `name` for instance cuts long texts, and
 * refuses them in binary.
 */
function wireType(type: ColumnType, typname: string): WireType | undefined {
  if (type === "other") return typname === "enum" ? "text" : undefined;
  if (logicalType(typname) !== type) return undefined;
  return type === "text" ? "text" : typname as WireType;
}

/**
 * Nanoseconds of the server's time that a field saves in binary: PostgreSQL 18 on x86-64, where one in
 * text takes 40 to 450. Short integers and decimals cost it more; texts save 2.5 ns for each byte
 * beyond the tenth or so, and are taken to be short.
 */
const SAVED_NS: Readonly<Record<WireType, number>> = {
  bool: 0,
  int2: -10,
  int4: -10,
  int8: -5,
  numeric: -25,
  float4: 80,
  float8: 60,
  text: 15,
  json: 100,
  jsonb: 80,
  bytea: 220,
  date: 150,
  time: 80,
  timestamp: 270,
  timestamptz: 300,
  uuid: 370,
};

/** Types of a table's columns; a domain's is its base type, `enum` stands for every enum. */
const COLUMN_TYPES = `
WITH RECURSIVE chain AS (
  SELECT a.attname, t.typtype, t.typbasetype, t.typname, t.typnamespace
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = pg_catalog.to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT c.attname, t.typtype, t.typbasetype, t.typname, t.typnamespace
  FROM chain c JOIN pg_catalog.pg_type t ON t.oid = c.typbasetype WHERE c.typtype = 'd'
)
SELECT c.attname, CASE WHEN c.typtype = 'e' THEN 'enum' ELSE c.typname END
FROM chain c JOIN pg_catalog.pg_namespace n ON n.oid = c.typnamespace
WHERE c.typtype = 'e' OR (c.typtype = 'b' AND n.nspname = 'pg_catalog')`;

/**
 * How to send the rows of a COPY; where the settings leave it open, in binary if every column has a
 * form for it and the server is done sooner. Unless it is to be text anyway, the server is asked for
 * the types of the table, which must be there. Any other error is the server's, or the session's.
 *
 * @throws {LoadError} `type_unsupported` where the settings insist on the binary form, and a column
 *   has none
 */
export async function copyForm(session: Session, request: FormRequest): Promise<CopyForm> {
  const { shape, target, ordinal, format } = request;
  if (format === "text") return { format: "text" };
  const found = await columnTypes(session, target);
  const types: WireType[] = [];
  for (const { name, type } of shape.columns) {
    const wire = wireType(type, found.get(name) ?? "");
    if (wire === undefined) return textInstead(request, name);
    types.push(wire);
  }
  if (ordinal && found.get(ORDINAL_NAME) !== "int8") return textInstead(request, ORDINAL_NAME);
  return format === "auto" && !isFaster(types) ? { format: "text" } : { format: "binary", types };
}

function isFaster(types: readonly WireType[]): boolean {
  return types.reduce((saved, type) => saved + SAVED_NS[type], 0) > 0;
}

/** Types by column; a column whose type is not the catalogue's own is left out. */
async function columnTypes(session: Session, table: string): Promise<Map<string, string>> {
  const rows = await session.all(COLUMN_TYPES, [table]);
  return new Map(rows.map(([name, type]) => [name!, type!]));
}

function textInstead({ format, shape }: FormRequest, column: string): CopyForm {
  if (format === "auto") return { format: "text" };
  throw new LoadError(
    `Column ${column} of ${tableLabel(shape.table)} has no binary form that keeps its values: ` +
      "set copyFormat to text, or leave it at auto",
    {
      code: "type_unsupported",
      blame: "config",
      issues: [{ path: column, message: "No binary form" }],
    },
  );
}
