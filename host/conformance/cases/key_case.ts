import type { TableCase } from "../table_case.ts";
import { SECRET } from "../trial.ts";

const UPSERT = { mode: "upsert", key: ["id"] } as const;
const READ = { id: "int64", v: "text" } as const;
const TABLE = "CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text})";

/**
 * Keys: twice in a batch and across batches, null, equal by collation, and those that are
 * another's.
 */
export const KEY_CASES: readonly TableCase[] = [
  {
    group: "keys",
    name: "of equal keys in a batch the last row wins, and the others are counted",
    loads: [
      {
        ...{ mode: "upsert", key: ["a", "b"] },
        lines: [{ a: 1, b: "x", v: "old" }, { a: 2, b: "x", v: "kept" }],
        says: "2 committed",
      },
      {
        ...{ mode: "upsert", key: ["a", "b"] },
        lines: [
          ...[{ a: 1, b: "x", v: "first" }, { a: 1, b: "1:x", v: "other" }],
          ...[{ a: 11, b: "x", v: "other" }, { a: 1, b: "x", v: "last" }],
        ],
        says: "3 committed, 1 superseded",
      },
    ],
    read: { a: "int64", b: "text", v: "text" },
    rows: [["1", "x", "last"], ["2", "x", "kept"], ["1", "1:x", "other"], ["11", "x", "other"]],
  },
  {
    group: "keys",
    name: "of equal keys in several batches the last row wins, and each is committed",
    loads: [{
      ...UPSERT,
      batchRowsMax: 2,
      lines: ["a", "b", "c", "d", "e"].map((v, i) => ({ id: i % 2, v })),
      says: "5 committed",
    }],
    read: READ,
    rows: [["0", "e"], ["1", "d"]],
  },
  {
    group: "keys",
    name: "a key that is null is no key",
    given: [TABLE],
    loads: [{
      ...UPSERT,
      rejectsMax: 2,
      lines: [{ id: null, v: SECRET }, { id: 1, v: "x" }, { v: "y" }],
      says: "1 committed, 2 rejected: 1 id null, 3 id null",
    }],
    read: READ,
    rows: [["1", "x"]],
  },
  {
    group: "keys",
    name: "a number is one key however it is written",
    given: [TABLE],
    loads: [{
      ...UPSERT,
      lines: ['{"id":1,"v":"a"}', '{"id":1.0,"v":"b"}', '{"id":1e0,"v":"c"}', '{"id":"1","v":"d"}'],
      says: "1 committed, 3 superseded",
    }],
    read: READ,
    rows: [["1", "d"]],
  },
  {
    group: "keys",
    name: "texts are keys by their bytes",
    given: ["CREATE TABLE {t} (id {keyText} PRIMARY KEY, v {text})"],
    loads: [{
      ...UPSERT,
      lines: ["a", "A", "á", "a ", "a\u0301", ""].map((id, i) => ({ id, v: String(i) })),
      says: "6 committed",
    }],
    read: { id: "text", v: "text" },
    rows: [["a", "0"], ["A", "1"], ["á", "2"], ["a ", "3"], ["a\u0301", "4"], ["", "5"]],
  },
  {
    group: "keys",
    name: "keys that are equal in any case are one",
    given: ["CREATE TABLE {t} (id {loose} PRIMARY KEY, v {text})"],
    loads: [
      { ...UPSERT, lines: [{ id: "a", v: "1" }, { id: "b", v: "2" }], says: "2 committed" },
      {
        ...UPSERT,
        lines: [{ id: "A", v: "3" }, { id: "a", v: "4" }, { id: "B", v: "5" }],
        says: "…",
      },
    ],
    read: { v: "text" },
    rows: [["4"], ["5"]],
  },
  {
    group: "keys",
    name: "a row that is added twice is refused by its place",
    given: [TABLE, "INSERT INTO {t} (id, v) VALUES (3, 'there')"],
    loads: [
      {
        lines: [{ id: 1, v: "a" }, { id: 3, v: SECRET }],
        says: "rows_rejected: …:2: column id: …",
      },
      {
        rejectsMax: 2,
        lines: [{ id: 1, v: "a" }, { id: 3, v: SECRET }, { id: 1, v: SECRET }, { id: 2, v: "b" }],
        says: "2 committed, 2 rejected: 2 id integrity, 3 id integrity",
      },
    ],
    read: READ,
    rows: [["1", "a"], ["2", "b"], ["3", "there"]],
  },
  {
    group: "keys",
    name: "an upsert that would overwrite a row by another unique key refuses it",
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, v {keyText} UNIQUE)",
      "INSERT INTO {t} (id, v) VALUES (1, 'taken')",
    ],
    loads: [{
      ...UPSERT,
      rejectsMax: 1,
      lines: [{ id: 2, v: "taken" }, { id: 3, v: "free" }],
      says: "1 committed, 1 rejected: 1 v integrity",
    }],
    read: READ,
    rows: [["1", "taken"], ["3", "free"]],
  },
  {
    group: "keys",
    name: "an upsert by what no constraint keeps unique is refused",
    given: ["CREATE TABLE {t} (id {integer}, v {text})"],
    loads: [{ ...UPSERT, lines: [{ id: 1, v: "x" }], says: "key_not_unique: …" }],
    read: READ,
    rows: [],
  },
  {
    group: "keys",
    name: "an upsert goes by a unique index as well",
    given: [
      "CREATE TABLE {t} (id {integer} NOT NULL, v {text})",
      "CREATE UNIQUE INDEX by_id ON {t} (id)",
      "INSERT INTO {t} (id, v) VALUES (1, 'old')",
    ],
    loads: [{ ...UPSERT, lines: [{ id: 1, v: "new" }, { id: 2, v: "x" }], says: "2 committed" }],
    read: READ,
    rows: [["1", "new"], ["2", "x"]],
  },
  {
    group: "keys",
    name: "a key counts once, in however many parts its batch is sent",
    given: ["CREATE TABLE {t} (id {integer} PRIMARY KEY, v {integer} CHECK (v >= 0))"],
    loads: [{
      ...UPSERT,
      rejectsMax: 2,
      lines: Array.from(
        { length: 300 },
        (_, i) => ({ id: i % 100, v: [210, 260].includes(i) ? -1 : i }),
      ),
      says: "100 committed, 198 superseded, 2 rejected: 211 v integrity, 261 v integrity",
    }],
    read: { id: "int64", v: "int64" },
    // The last of each key wins; of two keys that is the one before the refused one.
    rows: Array.from({ length: 100 }, (_, id) => [
      String(id),
      String(id + ([10, 60].includes(id) ? 100 : 200)),
    ]),
  },
  {
    group: "keys",
    name: "a table of nothing but its key takes each key once",
    modes: ["upsert"],
    given: ["CREATE TABLE {t} (id {integer}, v {integer}, PRIMARY KEY (id, v))"],
    loads: [
      {
        key: ["id", "v"],
        lines: [{ id: 1, v: 1 }, { id: 1, v: 2 }, { id: 1, v: 1 }],
        says: "2 committed, 1 superseded",
      },
      { key: ["id", "v"], lines: [{ id: 1, v: 2 }, { id: 2, v: 2 }], says: "2 committed" },
    ],
    read: { id: "int64", v: "int64" },
    rows: [["1", "1"], ["1", "2"], ["2", "2"]],
  },
];
