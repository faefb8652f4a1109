import type { TableCase } from "../table_case.ts";

const UPSERT = { mode: "upsert", key: ["id"] } as const;
const READ = { id: "int64", a: "text", b: "text" } as const;
const GIVEN = [
  "CREATE TABLE {t} (id {integer} PRIMARY KEY, a {text}, b {text})",
  "INSERT INTO {t} (id, a, b) VALUES (1, 'old', 'keep')",
];
const DEFAULTS = ["CREATE TABLE {t} (id {integer}, a {keyText}, b {keyText} DEFAULT 'given')"];

/** Fields that a record lacks, defaults, and columns that the table fills itself. */
export const FIELD_CASES: readonly TableCase[] = [
  {
    group: "absent fields",
    name: "a column that NDJSON never mentions stays",
    given: GIVEN,
    loads: [{ ...UPSERT, lines: [{ id: 1, a: "new" }], says: "1 committed" }],
    read: READ,
    rows: [["1", "new", "keep"]],
  },
  {
    group: "absent fields",
    name: "a column that CSV has not stays, and an empty field is NULL",
    given: GIVEN,
    loads: [
      { ...UPSERT, csv: ["id,a", "1,new", "2,"], says: "2 committed" },
      {
        ...UPSERT,
        after: ["UPDATE {t} SET a = 'old', b = 'kept'"],
        // A schema may name what the file has not.
        schema: ["id", "a", "b"].map((name) => ({
          ...{ name, type: name === "id" ? "int64" : "text", nullable: name !== "id", key: false },
        })),
        csv: ["id,a", "1,new", "2,"],
        says: "2 committed",
      },
      { ...UPSERT, csv: ["id,b", "1,"], says: "1 committed" },
    ],
    read: READ,
    rows: [["1", "new", null], ["2", null, "kept"]],
  },
  {
    group: "absent fields",
    name: "a property that is undefined is absent, and null is null",
    given: GIVEN,
    loads: [{
      ...UPSERT,
      rows: [{ id: 1, a: undefined, b: null }, { id: 2n, a: "x" }, { id: 2, b: "y" }],
      says: "2 committed, 1 superseded",
    }],
    read: READ,
    rows: [["1", "old", null], ["2", "x", "y"]],
  },
  {
    group: "absent fields",
    name: "rows of one batch with different fields leave each other's alone",
    given: GIVEN,
    loads: [{
      ...UPSERT,
      lines: [
        ...[{ id: 1, a: "new" }, { id: 2, b: "x" }, { id: 1, b: "q" }, { id: 2, a: "y" }],
        ...[{ id: 2, b: null }, { id: 3 }],
      ],
      says: "3 committed, 3 superseded",
    }],
    read: READ,
    rows: [["1", "new", "q"], ["2", "y", null], ["3", null, null]],
  },
  {
    group: "absent fields",
    name: "batches may have other fields than the first",
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, a {text}, b {text}, c {integer} DEFAULT 7 NOT NULL)",
    ],
    loads: [{
      ...UPSERT,
      batchRowsMax: 2,
      lines: [
        ...[{ id: 1, a: "a1" }, { id: 2, a: "a2" }, { id: 1, b: "b1" }, { id: 3, b: "b3" }],
        ...[{ id: 2, c: 5 }, { id: 1, a: null }, { id: 4, b: "b4", c: 9 }, { id: 4, a: "a4" }],
      ],
      says: "7 committed, 1 superseded",
    }],
    read: { ...READ, c: "int64" },
    rows: [
      ["1", null, "b1", "7"],
      ["2", "a2", null, "5"],
      ["3", null, "b3", "7"],
      ["4", "a4", "b4", "9"],
    ],
  },
  {
    group: "absent fields",
    name: "into a table that the load makes, later rows leave alone what they lack",
    loads: [{
      ...UPSERT,
      batchRowsMax: 2,
      lines: [{ id: 1, a: "x", b: "y" }, { id: 2, a: "x", b: "y" }, { id: 1, a: "z" }],
      says: "3 committed",
    }],
    read: READ,
    rows: [["1", "z", "y"], ["2", "x", "y"]],
  },
  {
    group: "absent fields",
    name: "a record that is added takes the default, and NULL is NULL",
    given: DEFAULTS,
    loads: [{
      lines: [{ id: 1, a: "x" }, { id: 2, b: "own" }, { id: 3, b: null }, { id: 4, a: "y" }],
      says: "4 committed",
    }],
    read: READ,
    rows: [["1", "x", "given"], ["2", null, "own"], ["3", null, null], ["4", "y", "given"]],
  },
  {
    group: "absent fields",
    name: "defaults are taken behind the first batch too",
    given: DEFAULTS,
    loads: [{
      batchRowsMax: 2,
      lines: [{ id: 1, a: "x" }, { id: 2, a: "x" }, { id: 3, b: "own" }, { id: 4, b: null }, {
        id: 5,
      }],
      says: "5 committed",
    }],
    read: READ,
    rows: [
      ...[["1", "x", "given"], ["2", "x", "given"], ["3", null, "own"], ["4", null, null]],
      ["5", null, "given"],
    ],
  },
  {
    group: "absent fields",
    name: "a replace refuses a field behind the first records",
    given: DEFAULTS,
    loads: [{
      mode: "replace",
      batchRowsMax: 1,
      lines: [{ id: 1, a: "x" }, { id: 2, b: "own" }],
      says:
        "rows_rejected: …column b…not among the columns of this load, or that the table computes…",
    }],
    read: READ,
    rows: [],
  },
  {
    group: "absent fields",
    name: "a column that takes no NULL and has no default is needed for rows that are there too",
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, a {text}, b {text} NOT NULL)",
      "INSERT INTO {t} (id, a, b) VALUES (1, 'old', 'keep')",
    ],
    loads: [
      {
        ...UPSERT,
        lines: [{ id: 1, a: "new" }],
        says: "column_required: …requires columns that the source lacks: b. An upsert needs…" +
          "check NOT NULL before they look for the key…",
      },
      {
        ...UPSERT,
        csv: ["id,a", "1,new"],
        says: "column_required: …requires columns that the source lacks: b. An upsert needs…",
      },
      {
        ...UPSERT,
        lines: [{ id: 2, a: "x", b: "y" }, { id: 1, a: "new" }],
        says: "rows_rejected: …an upsert needs one for a row that is there as well…",
      },
    ],
    read: READ,
    rows: [["1", "old", "keep"]],
  },
  {
    group: "absent fields",
    name: "a column that takes no NULL and has a default stays",
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, a {text}, b {keyText} DEFAULT '' NOT NULL)",
      "INSERT INTO {t} (id, a, b) VALUES (1, 'old', 'keep')",
    ],
    loads: [
      { ...UPSERT, lines: [{ id: 1, a: "new" }, { id: 2, a: "x" }], says: "2 committed" },
      { ...UPSERT, csv: ["id,a", "2,y"], says: "1 committed" },
    ],
    read: READ,
    rows: [["1", "new", "keep"], ["2", "y", ""]],
  },
  {
    group: "absent fields",
    name: "a row finds the one that it refers to, though that one has other fields",
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, up {integer}, a {text}, " +
      "FOREIGN KEY (up) REFERENCES {t} (id))",
    ],
    loads: [{
      ...UPSERT,
      lines: Array.from({ length: 50 }, (_, id) => ({
        id,
        ...(id === 0 ? {} : { up: id - 1 }),
        ...(id % 3 === 1 ? { a: "x" } : {}),
      })),
      says: "50 committed",
    }],
    read: { id: "int64", up: "int64" },
    rows: Array.from({ length: 50 }, (_, id) => [String(id), id === 0 ? null : String(id - 1)]),
  },
  {
    group: "absent fields",
    name: "rows of a part that is undone are not counted, whatever fields they had",
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, up {integer}, n {integer} CHECK (n >= 0), " +
      "FOREIGN KEY (up) REFERENCES {t} (id))",
    ],
    loads: [{
      ...UPSERT,
      rejectsMax: 4,
      // The second row finds its parent while the batch is whole, where that is in a group before it.
      lines: [{ id: 7 }, { id: 2, up: 1 }, { id: 9, n: -1 }, { id: 1 }],
      says: "2 committed, 2 rejected: 2 up integrity, 3 n integrity",
    }],
    read: { id: "int64" },
    rows: [["1"], ["7"]],
  },
  {
    group: "absent fields",
    name: "rows that are refused are reported by their places, whatever fields they have",
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, a {text}, n {integer} CHECK (n >= 0))",
    ],
    loads: [{
      ...UPSERT,
      rejectsMax: 5,
      batchRowsMax: 4,
      lines: [
        ...['{"id":1,"a":"x"}', "", '{"id":2,"n":-1}', '{"id":3,"n":"x"}', '{"id":1,"n":3}'],
        ...['{"id":4,"z":1}', '{"id":5,"a":"y"', '{"n":1}', '{"id":2,"a":"z"}'],
      ],
      says: "2 committed, 1 superseded, 5 rejected: 3 n integrity, 4 n type, 6 z unknown_field, " +
        "7 malformed, 8 id null",
    }],
    read: { id: "int64", a: "text", n: "int64" },
    rows: [["1", "x", "3"], ["2", "z", null]],
  },
  {
    group: "absent fields",
    name: "without leave to leave out rows nothing is committed, and every bad row is named",
    given: GIVEN,
    loads: [{
      ...UPSERT,
      lines: [{ id: 1, a: "x" }, { id: "p", b: "y" }, { id: 2, b: "y" }, { id: "q", a: "z" }],
      says: "rows_rejected: 2 rows …:2: column id…:4: column id…",
    }],
    read: READ,
    rows: [["1", "old", "keep"]],
  },
  {
    group: "own columns",
    name: "a column that the table computes is left to it",
    modes: ["append", "upsert", "replace"],
    given: ["CREATE TABLE {t} (id {integer} PRIMARY KEY, twice {generated:id * 2})"],
    loads: [{ lines: [{ id: 1 }, { id: 2 }], says: "2 committed" }],
    read: { id: "int64", twice: "int64" },
    rows: [["1", "2"], ["2", "4"]],
  },
  {
    group: "own columns",
    name: "a column that the table computes is refused in the source",
    given: ["CREATE TABLE {t} (id {integer}, twice {generated:id * 2})"],
    loads: [{
      lines: [{ id: 1, twice: 7 }],
      says: "column_missing: …computes columns that the source has: twice…",
    }],
    read: { id: "int64" },
    rows: [],
  },
  {
    group: "own columns",
    name: "an identity column counts where it is absent",
    given: ["CREATE TABLE {t} (id {identity}, v {text})"],
    loads: [{ lines: [{ v: "a" }, { v: "b" }], says: "2 committed" }],
    read: { id: "int64", v: "text" },
    rows: [["1", "a"], ["2", "b"]],
  },
  {
    group: "own columns",
    name: "an identity column takes what rows say",
    modes: ["append", "upsert", "replace"],
    given: ["CREATE TABLE {t} (id {identity}, v {text})"],
    loads: [{ lines: [{ id: 41, v: "a" }, { id: 7, v: "b" }], says: "2 committed" }],
    read: { id: "int64", v: "text" },
    rows: [["41", "a"], ["7", "b"]],
  },
];
