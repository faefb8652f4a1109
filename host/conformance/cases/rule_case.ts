import type { TableCase } from "../table_case.ts";
import { SECRET } from "../trial.ts";

const READ = { id: "int64", v: "text" } as const;
const CHILD = { id: "int64", up: "int64" } as const;
const PARENT = [
  "CREATE TABLE {u} (id {integer} PRIMARY KEY, v {text})",
  "INSERT INTO {u} (id, v) VALUES (1, 'old'), (2, 'old')",
];
/** The parent is the first table, which is loaded into. */
const REFERRED = [
  "CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text})",
  "INSERT INTO {t} (id, v) VALUES (1, 'old'), (2, 'old')",
];

/** What a table's own rules refuse, do and keep: constraints, triggers, foreign keys both ways. */
export const RULE_CASES: readonly TableCase[] = [
  {
    group: "rules",
    name: "exactly the rows that rules refuse are left out, each with place and reason",
    modes: ["append", "upsert"],
    given: [
      ...PARENT,
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, u {keyText} UNIQUE, n {text} NOT NULL, " +
      "up {integer}, v {integer} CHECK (v < 1000), FOREIGN KEY (up) REFERENCES {u} (id))",
    ],
    loads: [{
      rejectsMax: 6,
      lines: Array.from({ length: 200 }, (_, id): string | Record<string, unknown> => {
        const row = { id, u: `u${id}`, n: "n", up: 1, v: id };
        if (id === 20) return { ...row, u: "u3" };
        if (id === 50) return { ...row, n: null, u: SECRET };
        if (id === 51) return { ...row, up: 99 };
        if (id === 100) return { ...row, v: 5_000 };
        if (id === 120) return { ...row, v: SECRET };
        if (id === 199) return `{"id":199,"u":"${SECRET}`;
        return row;
      }),
      says: "194 committed, 6 rejected: 21 u integrity, 51 n null, 52 up integrity, " +
        "101 v integrity, 121 v type, 200 malformed",
    }],
    read: { id: "int64" },
    rows: Array.from({ length: 200 }, (_, id) => [String(id)])
      .filter(([id]) => !["20", "50", "51", "100", "120", "199"].includes(id!)),
  },
  {
    group: "rules",
    name: "nothing of a batch is committed where no row may be left out",
    modes: ["append", "upsert", "replace"],
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, v {keyText} CHECK (v <> 'bad'))",
      "INSERT INTO {t} (id, v) VALUES (1, 'old')",
    ],
    loads: [{
      lines: [{ id: 2, v: "x" }, { id: 3, v: "bad" }, { id: 4, v: "y" }],
      says: "rows_rejected: …",
    }],
    read: READ,
    rows: [["1", "old"]],
  },
  {
    group: "rules",
    name: "rows of a table that refers to itself find those before them",
    modes: ["append", "upsert", "replace"],
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, up {integer}, FOREIGN KEY (up) REFERENCES {t} (id))",
    ],
    loads: [{
      lines: Array.from({ length: 50 }, (_, id) => ({ id, up: id === 0 ? null : id - 1 })),
      says: "50 committed",
    }],
    read: CHILD,
    rows: Array.from({ length: 50 }, (_, id) => [String(id), id === 0 ? null : String(id - 1)]),
  },
  {
    group: "rules",
    name: "a trigger sees each row that is added",
    modes: ["append", "upsert", "replace"],
    given: [
      "CREATE TABLE {u} (id {integer})",
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text})",
      "{trigger}",
    ],
    loads: [{ lines: [{ id: 1, v: "a" }, { id: 2, v: "b" }], says: "2 committed" }],
    read: READ,
    rows: [["1", "a"], ["2", "b"]],
    readOther: { id: "int64" },
    otherRows: [["1"], ["2"]],
  },
  {
    group: "rules",
    name: "a row that a trigger refuses is refused by its place",
    given: ["CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text})", "{guard}"],
    loads: [{
      rejectsMax: 1,
      lines: [{ id: 12, v: "a" }, { id: 13, v: SECRET }, { id: 14, v: "b" }],
      says: "2 committed, 1 rejected: 2 integrity",
    }],
    read: READ,
    rows: [["12", "a"], ["14", "b"]],
  },
  {
    group: "rules",
    name: "a table that refers to another is loaded",
    modes: ["append", "upsert", "replace"],
    given: [
      ...PARENT,
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, up {integer}, FOREIGN KEY (up) REFERENCES {u} (id))",
    ],
    loads: [{
      lines: [{ id: 1, up: 1 }, { id: 2, up: 2 }, { id: 3, up: null }],
      says: "3 committed",
    }],
    read: CHILD,
    rows: [["1", "1"], ["2", "2"], ["3", null]],
  },
  {
    group: "rules",
    name: "a table that another one refers to is loaded",
    modes: ["append", "upsert"],
    given: [
      ...REFERRED,
      "CREATE TABLE {u} (id {integer}, up {integer}, FOREIGN KEY (up) REFERENCES {t} (id) {cascade})",
      "INSERT INTO {u} (id, up) VALUES (10, 1)",
    ],
    loads: [{ lines: [{ id: 3, v: "new" }], says: "1 committed" }],
    read: READ,
    rows: [["1", "old"], ["2", "old"], ["3", "new"]],
    readOther: CHILD,
    otherRows: [["10", "1"]],
  },
  {
    group: "rules",
    name: "an upsert changes a row that another table refers to, and nothing there",
    given: [
      ...REFERRED,
      "CREATE TABLE {u} (id {integer}, up {integer}, FOREIGN KEY (up) REFERENCES {t} (id) {cascade})",
      "INSERT INTO {u} (id, up) VALUES (10, 1)",
    ],
    loads: [{ mode: "upsert", key: ["id"], lines: [{ id: 1, v: "new" }], says: "1 committed" }],
    read: READ,
    rows: [["1", "new"], ["2", "old"]],
    readOther: CHILD,
    otherRows: [["10", "1"]],
  },
  {
    group: "rules",
    name: "a replace that would change another table is refused before the first row",
    given: [
      ...REFERRED,
      "CREATE TABLE {u} (id {integer}, up {integer}, FOREIGN KEY (up) REFERENCES {t} (id) {cascade})",
      "INSERT INTO {u} (id, up) VALUES (10, 1)",
    ],
    loads: [{
      mode: "replace",
      lines: [{ id: 1, v: "new" }],
      says: "table_refused: …table conformance_…",
    }],
    read: READ,
    rows: [["1", "old"], ["2", "old"]],
    readOther: CHILD,
    otherRows: [["10", "1"]],
  },
  {
    group: "rules",
    name: "a replace with the rows that others refer to changes nothing of them",
    given: [
      ...REFERRED,
      "CREATE TABLE {u} (id {integer}, up {integer}, FOREIGN KEY (up) REFERENCES {t} (id))",
      "INSERT INTO {u} (id, up) VALUES (10, 1)",
    ],
    loads: [
      { mode: "replace", lines: [{ id: 1, v: "new" }, { id: 2, v: "new" }], says: "2 committed" },
      {
        mode: "replace",
        lines: [{ id: 2, v: "newer" }],
        says: "rows_rejected: …nothing has changed…",
      },
    ],
    read: READ,
    rows: [["1", "new"], ["2", "new"]],
    readOther: CHILD,
    otherRows: [["10", "1"]],
  },
];
