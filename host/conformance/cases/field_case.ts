/** Fields that a record lacks, defaults, and columns that the table fills itself. */
import type { TableCase } from "../table_case.ts";

const UPSERT = { mode: "upsert", key: ["id"] } as const;
const READ = { id: "int64", a: "text", b: "text" } as const;
const GIVEN = [
  "CREATE TABLE {t} (id {integer} PRIMARY KEY, a {text}, b {text})",
  "INSERT INTO {t} (id, a, b) VALUES (1, 'old', 'keep')",
];
const DEFAULTS = ["CREATE TABLE {t} (id {integer}, a {keyText}, b {keyText} DEFAULT 'given')"];

/** See the head of this file. */
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
    loads: [{ ...UPSERT, csv: ["id,a", "1,new", "2,"], says: "2 committed" }],
    read: READ,
    rows: [["1", "new", "keep"], ["2", null, null]],
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
    name: "a column that counts by itself does so where it is absent",
    given: ["CREATE TABLE {t} (id {identity}, v {text})"],
    loads: [{ lines: [{ v: "a" }, { v: "b" }], says: "2 committed" }],
    read: { id: "int64", v: "text" },
    rows: [["1", "a"], ["2", "b"]],
  },
  {
    group: "own columns",
    name: "a column that counts by itself takes what rows say",
    modes: ["append", "upsert", "replace"],
    given: ["CREATE TABLE {t} (id {identity}, v {text})"],
    loads: [{ lines: [{ id: 41, v: "a" }, { id: 7, v: "b" }], says: "2 committed" }],
    read: { id: "int64", v: "text" },
    rows: [["41", "a"], ["7", "b"]],
  },
];
