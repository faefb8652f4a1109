/** Loads that stop and go on, and what they leave. What is left over is looked for after every load. */
import type { TableCase } from "../table_case.ts";
import { SECRET } from "../trial.ts";

const READ = { id: "int64" } as const;
const lines = (from: number, to: number, v = "x") =>
  Array.from({ length: to - from }, (_, i) => `{"id":${from + i},"v":"${v}"}`);
const ids = (count: number) => Array.from({ length: count }, (_, id) => [String(id)]);
const VARY = { mode: "upsert", key: ["id"], source: "vary", batchRowsMax: 2 } as const;
const VARYING = [{ id: 1, v: "x" }, { id: 2, w: "y" }, { id: 3, v: "x" }, { id: 1, w: null }];
const SAME = { source: "same", batchRowsMax: 100 };

/** Loads that stop and go on, and what they leave. */
export const RESUME_CASES: readonly TableCase[] = [
  {
    group: "resume",
    name: "a load goes on where it was stopped, and with what is added",
    modes: ["append", "upsert"],
    loads: [
      { ...SAME, stopAfter: 2, lines: lines(0, 900), says: "cancelled: …" },
      { ...SAME, lines: lines(0, 900), says: "… committed, … skipped" },
      { ...SAME, lines: lines(0, 900), says: "0 committed, 900 skipped" },
      { ...SAME, lines: lines(0, 950), says: "50 committed, 900 skipped" },
    ],
    read: READ,
    rows: ids(950),
  },
  {
    group: "resume",
    name: "a load goes on behind a row that stopped it",
    modes: ["append", "upsert"],
    loads: [
      {
        ...SAME,
        lines: [...lines(0, 530), `{${SECRET}`, ...lines(531, 900)],
        says: "rows_rejected: …:531…",
      },
      { ...SAME, lines: lines(0, 900), says: "400 committed, 500 skipped" },
    ],
    read: READ,
    rows: ids(900),
  },
  {
    group: "resume",
    name: "rows that were left out are not tried again",
    given: ["CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text})"],
    loads: [
      {
        ...SAME,
        rejectsMax: 2,
        lines: [...lines(0, 120), '{"id":"x"}', ...lines(120, 200)],
        says: "200 committed, 1 rejected: 121 id type",
      },
      {
        ...SAME,
        rejectsMax: 2,
        lines: [...lines(0, 120), '{"id":"x"}', ...lines(120, 200)],
        says: "0 committed, 201 skipped",
      },
    ],
    read: READ,
    rows: ids(200),
  },
  {
    group: "resume",
    name: "a source that has changed is refused by its row, and loaded again if that is asked for",
    loads: [
      { ...SAME, lines: lines(0, 300), says: "300 committed" },
      {
        ...SAME,
        lines: [...lines(0, 217), ...lines(217, 218, "y"), ...lines(218, 300)],
        says: "source_changed: …line 218 (row 217…",
      },
      { ...SAME, fresh: true, lines: lines(300, 400), says: "100 committed, generation 2" },
      { ...SAME, lines: lines(300, 400), says: "0 committed, 100 skipped, generation 2" },
      { ...SAME, load: "other", lines: lines(400, 500), says: "100 committed" },
    ],
    read: READ,
    rows: ids(500),
  },
  {
    group: "resume",
    name: "a table that was dropped, made again or emptied is loaded from the start",
    loads: [
      { ...SAME, lines: lines(0, 150), says: "150 committed" },
      ...[
        ["DROP TABLE {t}"],
        ["DROP TABLE {t}", "CREATE TABLE {t} (id {integer}, v {text})"],
        ["DELETE FROM {t}"],
      ].map((after, i) => ({
        ...{ ...SAME, after, lines: lines(0, 150) },
        says: `150 committed, generation ${i + 2}`,
      })),
      { ...SAME, lines: lines(0, 150), says: "0 committed, 150 skipped, generation 4" },
    ],
    read: READ,
    rows: ids(150),
  },
  {
    group: "resume",
    name: "a replace that was stopped leaves the table as it is, and the next begins again",
    given: [
      "CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text})",
      "INSERT INTO {t} (id, v) VALUES (7, 'old')",
    ],
    loads: [
      { ...SAME, mode: "replace", stopAfter: 1, lines: lines(0, 900), says: "cancelled: …" },
      { ...SAME, mode: "replace", lines: [...lines(0, 300), "{broken"], says: "rows_rejected: …" },
      { ...SAME, mode: "append", lines: ['{"id":8}'], says: "1 committed, generation 3" },
      { ...SAME, mode: "replace", lines: lines(0, 300), says: "300 committed, generation 4" },
      { ...SAME, mode: "replace", lines: lines(0, 200), says: "200 committed, generation 5" },
    ],
    read: READ,
    rows: ids(200),
  },
  {
    group: "resume",
    name: "a load of rows that vary goes on where it stopped",
    given: ["CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text}, w {text})"],
    loads: [
      { ...VARY, lines: VARYING, says: "4 committed" },
      {
        ...VARY,
        after: ["UPDATE {t} SET v = 'mine' WHERE id = 1"],
        lines: [...VARYING, { id: 4, w: "z" }, { id: 4, v: "u" }],
        says: "1 committed, 1 superseded, 4 skipped",
      },
    ],
    read: { id: "int64", v: "text", w: "text" },
    rows: [["1", "mine", null], ["2", null, "y"], ["3", "x", null], ["4", "u", "z"]],
  },
  {
    group: "resume",
    name: "a column that goes away during the load is planned for again",
    given: ["CREATE TABLE {t} (id {integer} PRIMARY KEY, v {text}, gone {integer})"],
    loads: [{
      batchRowsMax: 100,
      lines: lines(0, 2_500),
      during: ["ALTER TABLE {t} DROP COLUMN gone"],
      says: "2500 committed",
    }],
    read: READ,
    rows: ids(2_500),
  },
];
