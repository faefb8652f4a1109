import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { LiveColumn, LiveTable } from "../../../src/model/backend.ts";
import type { Column } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import {
  parseTableName,
  recordFields,
  resolveShape,
  type ShapeSources,
} from "../../../src/load/shape.ts";

function column(name: string, type: Column["type"] = "text"): Column {
  return { name, type, nullable: true, key: false };
}

function live(name: string, change: Partial<LiveColumn> = {}): LiveColumn {
  return { name, type: "text", nullable: true, hasDefault: false, generated: false, ...change };
}

const BASE: ShapeSources = {
  table: { name: "t" },
  mode: "append",
  key: [],
  live: undefined,
  known: undefined,
  inferred: [column("a", "int64"), column("b")],
  openRecords: true,
};

function names(from: Partial<ShapeSources>): string[] | undefined {
  return resolveShape({ ...BASE, ...from })?.columns.map((c) => c.name);
}

function refused(from: Partial<ShapeSources>): LoadError {
  return assertThrows(() => resolveShape({ ...BASE, ...from }), LoadError);
}

const TABLE: LiveTable = {
  columns: [
    live("a", { type: "int32", nullable: false }),
    live("b"),
    live("later"),
    live("filled", { hasDefault: true }),
  ],
  uniqueKeys: [["a"], ["b", "later"]],
};

Deno.test("shape takes inferred columns where nothing else is known", () => {
  assertEquals(names({}), ["a", "b"]);
});

Deno.test("shape takes the schema before what was inferred", () => {
  assertEquals(names({ known: [column("z")] }), ["z"]);
});

Deno.test("shape takes types from the live table before anything else", () => {
  const shape = resolveShape({ ...BASE, live: TABLE })!;
  assertEquals(shape.columns[0], { name: "a", type: "int32", nullable: false, key: false });
});

Deno.test("shape keeps types as inferred until the table's type changes or a schema names the same", () => {
  const table = { columns: [live("a", { inferred: true }), live("b")], uniqueKeys: [] };
  const inferred = (from: Partial<ShapeSources>) =>
    resolveShape({ ...BASE, live: table, ...from })!.columns.map((c) => c.inferred === true);
  assertEquals(inferred({}), [true, false]);
  assertEquals(inferred({ inferred: [column("b"), column("a")] }), [false, true]);
  assertEquals(inferred({ known: [column("a", "text")] }), [false], "the user has named it");
  assertEquals(inferred({ known: [column("a", "decimal")] }), [true], "the table cannot keep it");
  assertEquals(inferred({ known: [{ ...column("a"), inferred: true }] }), [true], "nobody has");
  assertEquals(
    resolveShape({ ...BASE, inferred: [{ ...column("a"), inferred: true }] })!.columns,
    [{ ...column("a"), inferred: true }],
  );
});

Deno.test("shape makes room for fields that only later records have, where absent means NULL", () => {
  assertEquals(names({ live: TABLE }), ["a", "b", "later"]);
  assertEquals(names({ live: TABLE, openRecords: false }), ["a", "b"]);
  assertEquals(names({ live: TABLE, known: [column("a")] }), ["a"]);
});

/** Names of the optional columns, and of the key's that are compared by their bytes. */
function fields(from: Partial<ShapeSources>): [optional: string[], bytewise: readonly string[]] {
  const whole = { ...BASE, varied: true, ...from };
  const { optional, bytewise } = recordFields(whole, resolveShape(whole)!);
  return [optional.map((c) => c.name), bytewise];
}

Deno.test("an upsert has the columns of the first records, and every other one is optional", () => {
  const upsert = { mode: "upsert", key: ["a"], live: TABLE } as const;
  assertEquals(names({ ...upsert, varied: true }), ["a", "b"]);
  assertEquals(fields(upsert)[0], ["b", "later", "filled"]);
  // A backend that does not hear of it has them in the shape.
  assertEquals(names(upsert), ["a", "b", "later"]);
  // Without a table, what records may have is what the first ones had.
  assertEquals(fields({ ...upsert, live: undefined })[0], ["b"]);
  assertEquals(fields({ ...upsert, known: [column("a"), column("filled")] })[0], ["filled"]);
});

Deno.test("a column that the database wants a value for, or computes, is not optional", () => {
  const columns = [
    ...TABLE.columns,
    live("wanted", { nullable: false }),
    live("given", { nullable: false, hasDefault: true }),
    live("sum", { generated: true }),
  ];
  const inferred = [column("a"), column("wanted")];
  const upsert = { mode: "upsert", key: ["a"], live: { ...TABLE, columns }, inferred } as const;
  assertEquals(fields(upsert)[0], ["b", "later", "filled", "given"]);
});

Deno.test("of rows that are added, columns with a default are optional, and of a replace none", () => {
  assertEquals(names({ live: TABLE, varied: true }), ["a", "b", "later"]);
  assertEquals(fields({ live: TABLE })[0], ["filled"]);
  assertEquals(fields({ live: TABLE, known: [column("a"), column("b")] })[0], []);
  assertEquals(fields({ live: TABLE, mode: "replace" })[0], []);
  assertEquals(fields({})[0], []);
});

Deno.test("keys are compared by their bytes where the table says so, or has yet to be made", () => {
  const [a, ...others] = TABLE.columns;
  const bytewise = { ...TABLE, columns: [{ ...a!, bytewise: true }, ...others] };
  const upsert = { mode: "upsert", key: ["a"] } as const;
  assertEquals(fields({ ...upsert, live: TABLE })[1], []);
  assertEquals(fields({ ...upsert, live: bytewise })[1], ["a"]);
  assertEquals(fields(upsert)[1], ["a"]);
});

Deno.test("shape of an empty source is the live table's", () => {
  assertEquals(names({ live: TABLE, inferred: undefined }), ["a", "b", "later", "filled"]);
  assertEquals(names({ inferred: undefined }), undefined);
});

Deno.test("shape makes key columns not nullable", () => {
  const shape = resolveShape({ ...BASE, key: ["b"] })!;
  assertEquals(shape.columns[1], { name: "b", type: "text", nullable: false, key: true });
});

Deno.test("shape names every column that the table lacks, and the way out", () => {
  const error = refused({ live: TABLE, inferred: [column("a"), column("x"), column("y")] });
  assertEquals(error.code, "column_missing");
  assertStringIncludes(error.message, "x, y");
  assertStringIncludes(error.message, "Add the columns");
});

Deno.test("shape refuses values for a column that the table computes", () => {
  const computed = { ...TABLE, columns: [...TABLE.columns, live("sum", { generated: true })] };
  assertEquals(
    refused({ live: computed, inferred: [column("a"), column("sum")] }).code,
    "column_missing",
  );
  assertEquals(names({ live: computed, inferred: undefined })?.includes("sum"), false);
});

Deno.test("shape refuses to leave out a column that the table requires", () => {
  assertEquals(refused({ live: TABLE, inferred: [column("b")] }).code, "column_required");
});

Deno.test("shape refuses an upsert without a key, with an unknown one, and without a unique constraint", () => {
  assertEquals(refused({ mode: "upsert" }).code, "key_missing");
  assertEquals(refused({ mode: "upsert", key: ["nope"] }).code, "key_missing");
  const error = refused({ mode: "upsert", key: ["b"], live: TABLE });
  assertEquals(error.code, "key_not_unique");
  assertStringIncludes(error.message, "(a), (b, later)");
  assertEquals(names({ mode: "upsert", key: ["a"], live: TABLE })?.length, 3);
  assertEquals(names({ mode: "upsert", key: ["later", "b"], live: TABLE })?.length, 3);
});

Deno.test("table names are a name, or a schema and a name, quoted where they carry dots", () => {
  assertEquals(parseTableName("nodes"), { name: "nodes" });
  assertEquals(parseTableName("ast.nodes"), { schema: "ast", name: "nodes" });
  assertEquals(parseTableName(`"a.b"."c""d"`), { schema: "a.b", name: `c"d` });
  assertEquals(parseTableName(`odd name;`), { name: "odd name;" });
  for (const text of ["", ".", "a.", ".a", "a.b.c", `"a`, `a"b`, `""`]) {
    assertEquals(assertThrows(() => parseTableName(text), LoadError).code, "usage");
  }
});

Deno.test("shape quotes no name of a header: where the first row was taken for one, it is a value", () => {
  const header = [column("a"), column("secret"), column("b"), column("hidden")];
  const live = { ...TABLE, columns: TABLE.columns.slice(0, 2) };
  const missing = refused({ openRecords: false, inferred: header, live });
  assertEquals(missing.code, "column_missing");
  assertStringIncludes(missing.message, "field 2 of its header, field 4 of its header");
  assertStringIncludes(missing.message, "It has: a, b.");
  assertStringIncludes(missing.message, "--header");
  const key = refused({ openRecords: false, inferred: header, key: ["id"] });
  assertEquals(key.code, "key_missing");
  assertStringIncludes(key.message, "that the rows do not have: id. They have the 4");
  for (const { message, issues } of [missing, key]) {
    assertEquals(/secret|hidden/.test(message + JSON.stringify(issues)), false);
  }
  // Keys of JSON are names, and so are those that a schema gives.
  assertStringIncludes(refused({ inferred: header, live }).message, "secret, hidden");
  assertStringIncludes(
    refused({ openRecords: false, known: header, live }).message,
    "secret, hidden",
  );
});

const LETTERS: LiveTable = {
  caseInsensitive: true,
  columns: [
    live("ID", { type: "int64", nullable: false }),
    live("Name"),
    live("filled", { hasDefault: true }),
  ],
  uniqueKeys: [["ID"]],
};

Deno.test("shape goes by the source's spelling where the database does not tell cases apart", () => {
  const inferred = [column("id"), column("NAME")];
  assertEquals(names({ live: LETTERS, inferred }), ["id", "NAME"]);
  const shape = resolveShape({
    ...BASE,
    live: LETTERS,
    inferred,
    mode: "upsert",
    key: ["Id"],
  });
  assertEquals(shape!.columns.filter(({ key }) => key).map(({ name }) => name), ["id"]);
  // A field that is spelled as the column is means it, and no other does.
  const both = refused({ live: LETTERS, inferred: [column("ID"), column("id")] });
  assertStringIncludes(both.message, "lacks columns that the source has: id");
  // SQLite adds no second column of those letters.
  assertStringIncludes(both.message, "Rename the fields, or leave them out of the source");
  assertEquals(both.message.includes("Add the columns"), false);
  assertEquals(names({ live: LETTERS, inferred: [column("ID"), column("name")] }), ["ID", "name"]);
});

Deno.test("shape says where names differ in the case of letters alone", () => {
  const { caseInsensitive: _, ...apart } = LETTERS;
  const error = refused({ live: apart, inferred: [column("id"), column("Name")] });
  assertStringIncludes(
    error.message,
    "The database tells upper and lower case apart: id and ID are two names.",
  );
});

Deno.test("shape says which names the database has for itself, and offers no column of that name", () => {
  const live = { ...TABLE, reserved: ["ctid", "xmin"] };
  const only = refused({ live, inferred: [column("a"), column("ctid")] });
  assertEquals(only.code, "column_missing");
  assertStringIncludes(only.message, "The database has in every table for itself: ctid. Rename");
  assertEquals(only.message.includes("Add the columns"), false);
  const some = refused({ live, inferred: [column("a"), column("ctid"), column("new")] });
  assertStringIncludes(some.message, "for itself: ctid. Add the columns to the table, or leave");
});

Deno.test("table names with blanks at their ends stand in quotes", () => {
  for (const text of [" t", "t ", "s. t", "\tt"]) {
    const error = assertThrows(() => parseTableName(text), LoadError);
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, "begins or ends with a blank");
  }
  assertEquals(parseTableName('" t"'), { name: " t" });
});
