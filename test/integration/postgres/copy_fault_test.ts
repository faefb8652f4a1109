/** Reading the row and the column out of a failed COPY's context, in any language. */
import { assertEquals } from "@std/assert";
import { copyFault } from "../../../host/drivers/postgres/copy.ts";

const KNOWN = { tables: ["nodes"], columns: ["id", "id 2", "name"], rows: 100 };

const fault = (where: string, known = KNOWN) => copyFault({ code: "22P02", where }, known);

Deno.test("copy fault reads row and column whatever language the server speaks", () => {
  const contexts = [
    'COPY nodes, line 6, column id: "x"',
    "COPY nodes, Zeile 6, Spalte id: »x«",
    "COPY nodes, ligne 6, colonne id : « x »",
    'nodesのCOPY、行6、列id: "x"',
    'COPY nodes, 行 6, 列 id: "x"',
    'nodes 복사, 6번째 줄, id 열: "x"',
  ];
  for (const where of contexts) assertEquals(fault(where)?.row, 5, where);
  assertEquals(fault(contexts[0]!), { row: 5, column: "id" });
  assertEquals(fault(contexts[1]!), { row: 5, column: "id" });
  assertEquals(fault('COPY nodes, line 6, column id 2: "x"'), { row: 5, column: "id 2" });
  assertEquals(fault("COPY nodes, line 6, column name: null input"), { row: 5, column: "name" });
});

Deno.test("copy fault is not led astray by what stands in a value", () => {
  assertEquals(fault('COPY nodes, line 6: "7, column id: 8"'), { row: 5 });
  assertEquals(
    fault('JSON data, line 1: COPY nodes, line 9...\nCOPY nodes, line 6, column name: "x"'),
    { row: 5, column: "name" },
  );
  assertEquals(fault('COPY nodes, line 6: "a\nCOPY nodes, line 9"'), { row: 5 });
});

Deno.test("copy fault reads names that look like numbers and words", () => {
  const known = { ...KNOWN, tables: ["line 3", "t1"] };
  assertEquals(fault('COPY line 3, line 6, column id: "x"', known)?.row, 5);
  assertEquals(fault('COPY t1, line 6, column id: "x"', known)?.row, 5);
});

Deno.test("copy fault is undefined where the context names no row that was sent", () => {
  assertEquals(fault("COPY nodes, line 101"), undefined);
  assertEquals(fault("COPY nodes, line 0"), undefined);
  assertEquals(fault("COPY others, line 6"), undefined);
  assertEquals(fault("PL/pgSQL function f() line 3 at RAISE"), undefined);
  assertEquals(copyFault({ code: "23503" }, KNOWN), undefined);
});
