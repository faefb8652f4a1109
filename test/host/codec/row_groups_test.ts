/** Rows in groups of equal columns: written group by group, they come to what they came to in turn. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Batch, Column } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { groupRows, type RowGroup } from "../../../host/codec/row_groups.ts";
import { batchOf, columnsOf, csvFormat } from "./sample_batch.ts";

type Row = Readonly<Record<string, unknown>>;

const [ID, A, B, C] = columnsOf({ id: "int64", a: "text", b: "int64", c: "text" })
  .map((column) => column.name === "id" ? { ...column, nullable: false, key: true } : column) as [
    Column,
    Column,
    Column,
    Column,
  ];

/** A batch of an upsert with `id`, `a` and `b` in its shape, and `c` beside it. */
function batchOfLines(lines: readonly string[], change: Partial<Batch> = {}): Batch {
  const batch = batchOf(lines.map((line) => `${line}\n`), [ID, A, B]);
  const shape = { ...batch.shape, mode: "upsert" } as const;
  return { ...batch, shape, optional: [A, B, C], ...change };
}

function groupsOf(batch: Batch, bytewise: readonly string[] = []): RowGroup[] {
  const steps = groupRows(batch, { bytewise });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Groups as the names of their columns and the numbers of their rows. */
function shown(groups: readonly RowGroup[]): [string, number[] | undefined][] {
  return groups.map(({ columns, rows }) => [columns.map((c) => c.name).join(), rows && [...rows]]);
}

Deno.test("rows of different keys come into as many groups as they have sets of columns", () => {
  const lines = ['{"id":1,"a":"x"}', '{"id":2,"b":1}', '{"id":3,"a":null}', '{"b":2,"id":4}'];
  assertEquals(shown(groupsOf(batchOfLines(lines))), [["id,a", [0, 2]], ["id,b", [1, 3]]]);
});

Deno.test("a hundred thousand rows that take turns come into two groups", () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `{"id":${i},"${i % 2 ? "a" : "b"}":1}`);
  const groups = groupsOf(batchOfLines(lines));
  assertEquals(groups.map(({ rows }) => rows!.length), [50_000, 50_000]);
});

Deno.test("rows with one key stay in their order, each in the earliest layer that keeps it", () => {
  const lines = [
    '{"id":1,"a":"x"}',
    '{"id":2,"a":"y"}',
    '{"id":1,"b":1}',
    '{"id":1,"b":2}',
    '{"id":2,"a":"z"}',
    '{"id":1,"a":"w"}',
    '{"id":3,"b":3}',
  ];
  assertEquals(shown(groupsOf(batchOfLines(lines))), [
    ["id,a", [0, 1, 4]],
    ["id,b", [6]],
    ["id,b", [2, 3]],
    ["id,a", [5]],
  ]);
});

Deno.test("a column beside the shape is in the groups of the rows that bring it, and in no other", () => {
  const lines = ['{"id":1,"a":"x","b":1}', '{"c":"z","id":2,"a":"x","b":1}', '{"id":3,"c":null}'];
  assertEquals(shown(groupsOf(batchOfLines(lines))), [["id,a,b", [0]], ["id,a,b,c", [1]], [
    "id,c",
    [2],
  ]]);
});

Deno.test("a column that is not optional is in every group", () => {
  const lines = ['{"id":1,"b":1}', '{"a":"x","b":1}', "{}"];
  const batch = batchOfLines(lines, { optional: [B] });
  assertEquals(shown(groupsOf(batch)), [["id,a,b", [0, 1]], ["id,a", [2]]]);
});

Deno.test("a row that the codec rejects is in a group, whatever it is", () => {
  const lines = ['{"id":1,"a":"x"', '{"id":1,"a":"x"}', "[]", '{"id":2,"d":1}', '{"id":"x","b":1}'];
  const rows = groupsOf(batchOfLines(lines)).flatMap((group) => [...group.rows!]);
  assertEquals(rows.sort(), [0, 1, 2, 3, 4]);
});

Deno.test("rows of an append are in one layer, and one without a field has a column", () => {
  const batch = batchOf(["{}\n", '{"b":1}\n', '{"a":"x"}\n', '{"b":1}\n'], [A, B]);
  assertEquals(shown(groupsOf({ ...batch, optional: [A, B] })), [
    ["a", [0]],
    ["b", [1, 3]],
    ["a", [2]],
  ]);
});

Deno.test("a batch of CSV is one group, of the columns of its header", () => {
  const csv = (header: readonly string[]) =>
    shown(groupsOf(batchOfLines(["1,x"], { format: csvFormat(header) })));
  assertEquals(csv(["id", "a"]), [["id,a", undefined]]);
  assertEquals(csv(["c", "id"]), [["id,c", undefined]]);
  assertEquals(csv(["b", "z"]), [["id,b", undefined]]);
});

/** How many groups there are if two rows of different columns have these keys. */
function layersOf(type: ColumnType, keys: readonly [string, string], bytewise = true): number {
  const key = { ...ID, type };
  const batch = batchOf([`{"id":${keys[0]},"a":"x"}\n`, `{"id":${keys[1]},"b":1}\n`, "{}\n"], [
    key,
    A,
    B,
  ]);
  const shape = { ...batch.shape, mode: "upsert" } as const;
  const groups = groupsOf({ ...batch, shape, optional: [A, B] }, bytewise ? ["id"] : []);
  // The row without a key is in a group of its own, in the first layer.
  assertEquals(groups.length, 3);
  return groups[1]!.rows![0] === 2 ? 2 : 1;
}

Deno.test("keys that the database may take for the same are in different layers", () => {
  const same: [ColumnType, string, string][] = [
    ["int64", "1", "1.0"],
    ["int32", "10", '"10"'],
    ["int64", "1e1", "10"],
    ["int64", "0", "-0"],
    ["decimal", "1.50", "1.5"],
    ["decimal", "0.1", "1e-1"],
    ["float64", "0", "-0.0"],
    ["float32", "16777216", "16777217"],
    ["boolean", "true", '"t"'],
    ["text", '"a"', '"\\u0061"'],
    ["text", '"a"', '"a  "'],
    ["uuid", '"0199b2f4-0000-7000-8000-00000000000a"', '"0199B2F4-0000-7000-8000-00000000000A"'],
    ["timestamptz", '"2024-01-01T00:00:00Z"', '"2024-01-01T01:00:00+01:00"'],
    ["bytes", '"\\\\xab"', '"\\\\xAB"'],
    ["other", '"a"', '"A"'],
  ];
  for (const [type, one, other] of same) {
    assertEquals(layersOf(type, [one, other]), 2, `${type} ${one} ${other}`);
  }
  assertEquals(layersOf("text", ['"a"', '"A"'], false), 2);
  assertEquals(layersOf("text", ['"a"', '"b"'], false), 2);
});

Deno.test("keys that are not the same do not keep rows apart", () => {
  const different: [ColumnType, string, string][] = [
    ["int64", "1", "2"],
    ["int64", "9007199254740993", "9007199254740992"],
    ["decimal", "1.5", "1.6"],
    ["boolean", "true", "false"],
    ["text", '"a"', '"A"'],
    ["text", '"a "', '"b"'],
    ["uuid", '"0199b2f4-0000-7000-8000-00000000000a"', '"0199b2f4-0000-7000-8000-00000000000b"'],
  ];
  for (const [type, one, other] of different) {
    assertEquals(layersOf(type, [one, other]), 1, `${type} ${one} ${other}`);
  }
});

const byNumber = (a: number, b: number): number => a - b;

/** A table of rows by their keys. */
type Table = Map<unknown, Row>;

/** Sets what the row has of those columns. */
function apply(table: Table, row: Row, columns: readonly string[]): void {
  const values = columns.map((name) => [name, row[name] ?? null] as const);
  table.set(row.id, { ...table.get(row.id), ...Object.fromEntries(values) });
}

Deno.test("groups, one after the other, come to what the rows come to in their order", () => {
  const value = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null });
  const row = fc.record({ id: fc.integer({ min: 0, max: 4 }), a: value, b: value, c: value }, {
    requiredKeys: ["id"],
  });
  fc.assert(fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
    const batch = batchOfLines(rows.map((one) => JSON.stringify(one)));
    const groups = groupsOf(batch);
    const inTurn: Table = new Map();
    for (const one of rows) apply(inTurn, one, Object.keys(one));
    const inGroups: Table = new Map();
    const numbersOf = (group: RowGroup) => [...group.rows ?? rows.keys()];
    for (const group of groups) {
      // A statement may take the rows of a group in any order but for those of one key.
      const last = new Map(numbersOf(group).map((i) => [rows[i]!.id, rows[i]!]));
      const names = group.columns.map(({ name }) => name);
      for (const one of last.values()) {
        assertEquals(new Set(Object.keys(one)), new Set(names));
        apply(inGroups, one, names);
      }
    }
    assertEquals(inGroups, inTurn);
    const numbers = groups.flatMap(numbersOf).sort(byNumber);
    assertEquals(numbers, rows.map((_, i) => i));
    for (const group of groups) assertEquals(numbersOf(group), numbersOf(group).toSorted(byNumber));
  }));
});
