/**
 * What a load's rows are to be: from the live table where there is one, else from the schema that
 * the user or the source gives, else from what was inferred of the first batch.
 */
import type { LiveColumn, LiveTable, LoadRequest, RecordFields } from "../model/backend.ts";
import { type Column, type Shape, tableLabel, type TableName } from "../model/batch.ts";
import { LoadError } from "../model/errors.ts";
import type { ShapeOrigin } from "../model/shape_origin.ts";
import { sameLetters, spelledAlike } from "./column_spelling.ts";

/** What is known when a load begins. */
export interface ShapeSources extends ShapeOrigin {
  /** The table as it stands. */
  readonly live: LiveTable | undefined;
}

/** The shape of a load's rows, and the fields that they may have. */
export type FoundShape = Pick<LoadRequest, "shape" | "fields" | "origin">;

/** Both by the table as it stands; undefined, and refused, as {@linkcode resolveShape} does it. */
export function findShape(
  origin: ShapeOrigin,
  live: LiveTable | undefined,
): Required<FoundShape> | undefined {
  const sources = { ...origin, live };
  const shape = resolveShape(sources);
  return shape && { shape, fields: recordFields(sources, shape), origin };
}

/**
 * Resolves the shape. Undefined where nothing is known: an empty source without schema or table.
 *
 * @throws {LoadError} `key_missing`, `key_not_unique`, `column_missing`, `column_required`
 */
export function resolveShape(sources: ShapeSources): Shape | undefined {
  const from = spelledAlike(sources);
  if (from.mode === "upsert" && from.key.length === 0) {
    throw new LoadError("An upsert needs a key: name its columns, as in --key id", {
      code: "key_missing",
      blame: "config",
    });
  }
  const given = from.known ?? from.inferred;
  const columns = from.live ? liveColumns(from, from.live, given) : given;
  if (!columns || columns.length === 0) return undefined;
  checkKey(from, columns);
  return {
    table: from.table,
    mode: from.mode,
    columns: columns.map((column) => {
      const key = from.key.includes(column.name);
      return { ...withBytesForm(column, from), nullable: column.nullable && !key, key };
    }),
  };
}

/**
 * Which fields the records of a load may have, beside the shape's or instead of them. An upsert
 * changes what its record has: every column of the table is optional, but for the key's and those that
 * the database wants a value for. Rows that are added take the default of a column that they lack:
 * columns that have one are optional. A schema that is given names all columns that there may be. A
 * replace has none that is optional.
 */
export function recordFields(sources: ShapeSources, shape: Shape): RecordFields {
  const from = spelledAlike(sources);
  const { live, known } = from;
  const keys = new Set(shape.columns.filter(({ key }) => key).map(({ name }) => name));
  const fromLive = (live?.columns ?? []).filter(({ name, generated, nullable, hasDefault }) =>
    !generated && !keys.has(name) && (hasDefault || (from.mode === "upsert" && nullable)) &&
    (!known || shape.columns.some((column) => column.name === name))
  );
  const bytewise = live?.columns.filter((column) => column.bytewise).map(({ name }) => name);
  return {
    optional: shape.mode === "replace"
      ? []
      : live
      ? fromLive.map((column) => withBytesForm(columnOf(column, known), from))
      : optionalByDefault(shape),
    // A table that the load makes has no collation of its own.
    bytewise: [...keys].filter((name) => bytewise?.includes(name) ?? true),
  };
}

/** What is optional where nothing is known of a table. */
export function optionalByDefault({ mode, columns }: Shape): readonly Column[] {
  return mode === "upsert" ? columns.filter(({ key }) => !key) : [];
}

function liveColumns(
  from: ShapeSources,
  live: LiveTable,
  given: readonly Column[] | undefined,
): Column[] {
  const label = tableLabel(from.table);
  const byName = new Map(live.columns.map((c) => [c.name, c]));
  const writable = live.columns.filter((c) => !c.generated);
  const wanted = given?.map((c) => c.name) ?? writable.map((c) => c.name);
  const missing = wanted.filter((name) => !byName.has(name));
  if (missing.length > 0) {
    const shown = shownNames(from, missing);
    throw new LoadError(
      `Table ${label} lacks columns that the source has: ${shown.join(", ")}. It has: ${
        [...byName.keys()].join(", ")
      }.${otherLetters(missing, live)}${ofDatabase(missing, live)} ` +
        (missing.every((name) => cannotBeAdded(name, live))
          ? "Rename the fields, or leave them out of the source"
          : `Add the columns to the table, or leave the fields out of the source${
            headerHint(from)
          }`),
      {
        code: "column_missing",
        blame: "config",
        issues: shown.map((path) => ({ path, message: "No such column" })),
      },
    );
  }
  const computed = wanted.filter((name) => byName.get(name)!.generated);
  if (computed.length > 0) {
    throw new LoadError(
      `Table ${label} computes columns that the source has: ${
        computed.join(", ")
      }. Leave the fields out of the source`,
      { code: "column_missing", blame: "config" },
    );
  }
  const unnamed = writable.filter((c) => !wanted.includes(c.name));
  const required = unnamed.filter((c) => !c.nullable && !c.hasDefault).map((c) => c.name);
  if (required.length > 0) {
    throw new LoadError(
      `Table ${label} requires columns that the source lacks: ${required.join(", ")}. ${
        from.mode === "upsert"
          ? "An upsert needs them for rows that are there as well, since databases check NOT NULL " +
            "before they look for the key. Add the fields to the source, give the columns a default " +
            "(rows that are there keep what they have), or load into another table and UPDATE from it"
          : "Add the fields to the source, or give the columns a default"
      }`,
      { code: "column_required", blame: "config" },
    );
  }
  // Fields that only later records have. Absent they are NULL, which is what the column would hold.
  // In an upsert, absent is not NULL.
  const varies = from.mode === "upsert" && from.varied === true;
  const later = from.openRecords && !from.known && !varies
    ? unnamed.filter((c) => c.nullable && !c.hasDefault)
    : [];
  const columns = [...wanted.map((name) => byName.get(name)!), ...later];
  return columns.map((column) => columnOf(column, from.known));
}

/**
 * Names of columns as a message may show them. Those of a header are given by their place in it: where
 * the first row was taken for a header, they are values.
 */
function shownNames(from: ShapeSources, names: readonly string[]): readonly string[] {
  if (!isHeader(from)) return names;
  const places = new Map(from.inferred?.map(({ name }, at) => [name, at + 1]));
  return names.map((name) => `field ${places.get(name)} of its header`);
}

function headerHint(from: ShapeSources): string {
  return isHeader(from) ? "; for a file without a header line, name its fields with --header" : "";
}

/** Whether the names of the columns are those that a header gives. */
function isHeader({ openRecords, known, inferred }: ShapeSources): boolean {
  return !openRecords && !known && inferred !== undefined;
}

/** Where a name that is missing is there in other letters: what that is to the database. */
function otherLetters(missing: readonly string[], live: LiveTable): string {
  const pairs = missing.flatMap((name) =>
    live.columns.filter((column) => sameLetters(name, column.name))
      .map((column) => `${name} and ${column.name}`)
  );
  if (pairs.length === 0) return "";
  return live.caseInsensitive
    ? ` To the database these are one column: ${pairs.join(", ")}.`
    : ` The database tells upper and lower case apart: ${pairs.join(", ")} are two names.`;
}

/** Where a name that is missing is one that the database has for itself. */
function ofDatabase(missing: readonly string[], { reserved = [] }: LiveTable): string {
  const names = missing.filter((name) => reserved.includes(name));
  return names.length === 0
    ? ""
    : ` The database has in every table for itself: ${names.join(", ")}.`;
}

function cannotBeAdded(
  name: string,
  { caseInsensitive, columns, reserved = [] }: LiveTable,
): boolean {
  return reserved.includes(name) ||
    (caseInsensitive === true && columns.some((column) => sameLetters(name, column.name)));
}

/** The column, with how its bytes are written where that is said for all columns. */
function withBytesForm(column: Column, { bytes }: ShapeSources): Column {
  const isSaid = column.bytes !== undefined || bytes === undefined;
  return isSaid || column.type !== "bytes" ? column : { ...column, bytes };
}

/**
 * The table's column. A type that was inferred when the table was made stays so, unless a schema names
 * the very same one: what a schema says else, the table cannot keep.
 */
function columnOf(live: LiveColumn, known: readonly Column[] | undefined): Column {
  const named = known?.find(({ name }) => name === live.name);
  const declared = named !== undefined && !named.inferred && named.type === live.type;
  return {
    name: live.name,
    type: live.type,
    nullable: live.nullable,
    key: false,
    ...(live.inferred && !declared ? { inferred: true } : {}),
    ...(live.elements === undefined ? {} : { elements: live.elements }),
    ...(named?.bytes === undefined ? {} : { bytes: named.bytes }),
  };
}

function checkKey(from: ShapeSources, columns: readonly Column[]): void {
  const label = tableLabel(from.table);
  const names = new Set(columns.map((c) => c.name));
  const unknown = from.key.filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw new LoadError(
      `The key names columns that the rows do not have: ${unknown.join(", ")}. ${
        isHeader(from) && !from.live
          ? `They have the ${names.size} that the header names${headerHint(from)}`
          : `They have: ${[...names].join(", ")}`
      }`,
      { code: "key_missing", blame: "config" },
    );
  }
  if (from.mode !== "upsert" || !from.live) return;
  const wanted = new Set(from.key);
  const fits = from.live.uniqueKeys.some((unique) =>
    unique.length === wanted.size && unique.every((name) => wanted.has(name))
  );
  if (!fits) {
    const there = from.live.uniqueKeys.map((unique) => `(${unique.join(", ")})`).join(", ") ||
      "none";
    throw new LoadError(
      `Table ${label} has no unique constraint on (${
        from.key.join(", ")
      }), which an upsert needs. It has: ${there}`,
      { code: "key_not_unique", blame: "config" },
    );
  }
}

/**
 * Reads a table's name as people write it: `name`, `schema.name`, with double quotes around a part
 * that carries a dot.
 *
 * @throws {LoadError} `usage`, also where a part without quotes begins or ends with a blank
 */
export function parseTableName(text: string): TableName {
  const parts = text.match(/"(?:[^"]|"")+"|[^".]+/g) ?? [];
  const joined = parts.join(".");
  if (parts.length < 1 || parts.length > 2 || joined !== text) {
    throw new LoadError(`Table name is not name or schema.name: ${text.slice(0, 100)}`, {
      code: "usage",
      blame: "config",
    });
  }
  if (parts.some((part) => part.trim() !== part)) {
    throw new LoadError(
      `Table name begins or ends with a blank: ${
        JSON.stringify(text.slice(0, 100))
      }. Put it into double quotes where that is meant, as in --table '" t"'`,
      { code: "usage", blame: "config" },
    );
  }
  const plain = parts.map((p) => p.startsWith('"') ? p.slice(1, -1).replaceAll('""', '"') : p);
  return plain.length === 2 ? { schema: plain[0]!, name: plain[1]! } : { name: plain[0]! };
}
