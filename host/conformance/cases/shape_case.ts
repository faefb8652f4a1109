import { WRITE_MODES } from "../../../src/model/batch.ts";
import type { TableCase } from "../table_case.ts";

const many = (count: number) => Array.from({ length: count }, (_, id) => ({ id, v: `row ${id}` }));
const READ = { id: "int64", v: "text" } as const;
const OLD = [
  "CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text})",
  "INSERT INTO {t} (id, v) VALUES (1, 'old'), (9, 'old')",
];

/** Tables of every shape, by every mode; also of no rows. */
export const SHAPE_CASES: readonly TableCase[] = [
  {
    group: "shapes",
    name: "a table that the load makes has every row, in batches of any size",
    modes: WRITE_MODES,
    loads: [{ batchRowsMax: 100, lines: many(250), says: "250 committed" }],
    read: READ,
    rows: many(250).map(({ id, v }) => [String(id), v]),
  },
  {
    group: "shapes",
    name: "several connections load every row once",
    modes: ["append", "replace"],
    loads: [{ connections: 2, batchRowsMax: 50, lines: many(500), says: "500 committed" }],
    read: READ,
    rows: many(500).map(({ id, v }) => [String(id), v]),
  },
  {
    group: "shapes",
    name: "rows are added to those that are there",
    given: OLD,
    loads: [{ lines: [{ id: 2, v: "new" }], says: "1 committed" }],
    read: READ,
    rows: [["1", "old"], ["2", "new"], ["9", "old"]],
  },
  {
    group: "shapes",
    name: "rows are merged with those that are there",
    given: OLD,
    loads: [{
      mode: "upsert",
      key: ["id"],
      lines: [{ id: 1, v: "new" }, { id: 2, v: "new" }],
      says: "2 committed",
    }],
    read: READ,
    rows: [["1", "new"], ["2", "new"], ["9", "old"]],
  },
  {
    group: "shapes",
    name: "rows replace those that are there",
    given: OLD,
    loads: [{
      mode: "replace",
      lines: [{ id: 1, v: "new" }, { id: 2, v: "new" }],
      says: "2 committed",
    }],
    read: READ,
    rows: [["1", "new"], ["2", "new"]],
  },
  {
    group: "shapes",
    name: "a table of one column, without a key",
    modes: ["append", "replace"],
    loads: [{ lines: [{ v: "a" }, { v: "a" }, { v: null }], says: "3 committed" }],
    read: { v: "text" },
    rows: [["a"], ["a"], [null]],
  },
  {
    group: "shapes",
    name: "a table of nothing but its key",
    modes: WRITE_MODES,
    loads: [{ key: ["id"], lines: [{ id: 1 }, { id: 2 }], says: "2 committed" }],
    read: { id: "int64" },
    rows: [["1"], ["2"]],
  },
  {
    group: "shapes",
    name: "columns in another order than the table's, and not all of them",
    modes: WRITE_MODES,
    given: ["CREATE TABLE {t} (a {text}, id {integer} PRIMARY KEY, b {text}, c {text})"],
    loads: [{ lines: [{ c: "c", id: 1, a: "a" }], says: "1 committed" }],
    read: { a: "text", id: "int64", b: "text", c: "text" },
    rows: [["a", "1", null, "c"]],
  },
  {
    group: "shapes",
    name: "no rows leave a table as it is",
    modes: ["append", "upsert"],
    given: OLD,
    loads: [
      { lines: [], says: "0 committed" },
      { csv: ["id,v"], says: "0 committed" },
      { rows: [], says: "0 committed" },
    ],
    read: READ,
    rows: [["1", "old"], ["9", "old"]],
  },
  {
    group: "shapes",
    name: "a replace by no row is refused, unless it is said to be meant",
    given: OLD,
    loads: [
      {
        mode: "replace",
        lines: [],
        says: "source_empty: …nothing was changed. Say --allow-empty…",
      },
      { mode: "replace", csv: ["id,v"], says: "source_empty: …nothing was changed…" },
      { mode: "replace", allowEmpty: true, lines: [], says: "0 committed" },
    ],
    read: READ,
    rows: [],
  },
  {
    group: "shapes",
    name: "a field that no column has is refused by its name",
    given: OLD,
    loads: [{ lines: [{ id: 2, v: "x", extra: 1 }], says: "column_missing: …extra…" }],
    read: READ,
    rows: [["1", "old"], ["9", "old"]],
  },
  {
    group: "shapes",
    name: "CSV with quotes, line ends, nulls and empty texts",
    loads: [{
      csv: [
        "id,v,w",
        '1,"a ""quoted"" , text",\r',
        '2,"two\nlines",""\r',
        "3,,x",
        "9007199254740993,👍,007",
      ],
      says: "4 committed",
    }],
    read: { ...READ, w: "text" },
    rows: [
      ["1", 'a "quoted" , text', null],
      ["2", "two\nlines", ""],
      ["3", null, "x"],
      ["9007199254740993", "👍", "007"],
    ],
  },
  {
    group: "shapes",
    name: "a source loaded twice fits the table that it made",
    loads: [
      ...[
        { says: "2 committed" },
        { says: "0 committed, 2 skipped" },
        { fresh: true, says: "2 committed, generation 2" },
        { mode: "replace" as const, says: "2 committed, generation 3" },
      ].map((more) => ({
        ...more,
        source: "twice",
        lines: [
          '{"id":1,"f":1.5,"s":"x","b":true,"j":{"k":[1]},"d":12345678901234567890.5,"n":null}',
          '{"id":2,"f":2,"s":"y","b":false,"j":[],"d":1}',
        ],
      })),
    ],
    read: { id: "int64", f: "float64", s: "text", b: "boolean", j: "json", d: "decimal" },
    rows: [
      ["1", "1.5", "x", "true", '{"k":[1]}', "12345678901234567890.5"],
      ["2", "2", "y", "false", "[]", "1"],
    ],
  },
  ...([
    ["it is left out where that is asked for", "strip", "ab", '[""]'],
    ["it is escaped where that is asked for", "escape", "a\\u0000b", '["\\\\u0000"]'],
  ] as const).map(([name, nul, v, doc]): TableCase => ({
    group: "U+0000",
    name,
    loads: ["300 committed, 200 repaired", "0 committed, 300 skipped"].map((says) => ({
      nul,
      says,
      source: "nul",
      batchRowsMax: 200,
      // Beside it, what must not be taken for it.
      lines: Array.from({ length: 100 }, (_, i) => [
        { id: 3 * i, v: "a\0b", doc: [] },
        { id: 3 * i + 1, v: "\\u0000", doc: "\\u0000" },
        { id: 3 * i + 2, v: null, doc: ["\0"] },
      ]).flat(),
    })),
    read: { ...READ, doc: "json" },
    rows: Array.from({ length: 100 }, (_, i) => [
      [String(3 * i), v, "[]"],
      [String(3 * i + 1), "\\u0000", '"\\\\u0000"'],
      [String(3 * i + 2), null, doc],
    ]).flat(),
  })),
  {
    group: "U+0000",
    name: "its row is rejected where that is asked for",
    loads: [{
      nul: "reject",
      rejectsMax: 2,
      lines: [{ id: 1, v: "a\0b", d: [] }, { id: 2, v: "x", d: [] }, { id: 3, d: ["\0"] }],
      says: "1 committed, 2 rejected: 1 v encoding, 3 d encoding",
    }],
    read: READ,
    rows: [["2", "x"]],
  },
  {
    group: "U+0000",
    name: "keys that are equal without it are one, and two where it is escaped",
    given: ["CREATE TABLE {t} (id {keyText} PRIMARY KEY, v {text})"],
    loads: ([
      ["strip", "1 committed, 1 superseded, 1 repaired"],
      ["escape", "2 committed, 1 repaired"],
    ] as const).map(([nul, says]) => ({
      ...{ mode: "upsert" as const, key: ["id"], nul, says },
      lines: [{ id: "a\0", v: "first" }, { id: "a", v: "second" }],
    })),
    read: { id: "text", v: "text" },
    rows: [["a", "second"], ["a\\u0000", "first"]],
  },
];
