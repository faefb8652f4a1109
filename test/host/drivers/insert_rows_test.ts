import { assert, assertEquals } from "@std/assert";
import { insertRowsMax } from "../../../host/drivers/sql/insert_text.ts";
import { LIMITS } from "../../../src/model/limits.ts";

const SQL = "INSERT INTO {table} ({columns}) VALUES {rows}";

Deno.test("rows of an INSERT are those of the plan, as many as parameters allow", () => {
  const write = { sql: SQL, row: "({values})", rowsMax: 500 } as const;
  const limits = { parametersMax: 32_766, parametersOfRow: 13 };
  assertEquals(insertRowsMax(write, limits), 500);
  assertEquals(insertRowsMax({ ...write, rowsMax: 65_535 }, limits), 2_520);
  assertEquals(
    insertRowsMax({ ...write, rowsMax: 65_535 }, { ...limits, parametersOfRow: 1 }),
    32_766,
  );
  assertEquals(insertRowsMax(write, { ...limits, parametersOfRow: 40_000 }), 1);
});

Deno.test("rows of an INSERT come to a text that is no longer than one may be", () => {
  const row = `({values}${" ".repeat(50_000)})`;
  const write = { sql: SQL, row, rowsMax: 65_535 } as const;
  const rows = insertRowsMax(write, { parametersMax: 65_535, parametersOfRow: 1 });
  assert(rows >= 1 && rows * row.length <= LIMITS.insertBytesMax, `${rows}`);
});

Deno.test("rows of an INSERT of the widest row are as many as parameters allow", () => {
  const values = Array.from({ length: LIMITS.columnsMax }, (_, i) => `{value:${i}}`);
  const write = {
    sql: SQL,
    row: `(${values.join(", ")})`,
    rowsMax: 65_535,
  } as const;
  const limits = { parametersMax: 65_535, parametersOfRow: LIMITS.columnsMax };
  assertEquals(insertRowsMax(write, limits), 40);
});
