/** Rows that the database refuses are found within their batch, one by one, and told by line and column. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { load, refusal, rejected, test } from "./load_case.ts";

/** Tables, and values of `v` that they refuse, with what is said of them. */
const REFUSED: readonly (readonly [ddl: string, bad: unknown, reason: string])[] = [
  ["v INT CHECK (v < 100)", 100, "CHECK"],
  ["v INT UNIQUE", 1, "UNIQUE"],
  ["v INT REFERENCES p (id)", 999, "FOREIGN KEY"],
  ["v VARCHAR(5)", "secret-value", "longer"],
  ["v INT", 2_147_483_648, "range"],
  ["v VARCHAR(20) CHARACTER SET latin1", "secret ↓", "character set"],
  ["v DECIMAL(4,1)", 0.25, "another value"],
];

for (const [column, bad, reason] of REFUSED) {
  test(`rows are isolated in a table with ${column}`, async (place) => {
    await place.db.execute(
      "CREATE TABLE p (id INT PRIMARY KEY)",
      "INSERT INTO p SELECT seq FROM seq_0_to_99",
      `CREATE TABLE t (id INT PRIMARY KEY, ${column})`,
    );
    const good = (i: number) => column.includes("CHAR") ? `${i}` : i % 100;
    const unique = column.includes("UNIQUE");
    const records = Array.from({ length: 300 }, (_, i) => ({
      id: i,
      v: [7, 8, 250].includes(i) ? bad : unique ? i + 1_000_000 : good(i),
    }));
    // The first of equal ones is in.
    const expected = unique ? [9, 251] : [8, 9, 251];
    const { report, rejects } = await rejected(place, records);
    assertEquals(rejects.map(({ line }) => line), expected);
    assertEquals([report.committed, report.rejected], [300 - expected.length, expected.length]);
    const text = JSON.stringify(rejects.map(({ message, column }) => ({ message, column })));
    assertStringIncludes(text, reason);
    assertEquals(rejects.map(({ column }) => column), expected.map(() => "v"));
    assertEquals(text.includes("secret"), false);
    const [[count]] = await place.db.query("SELECT count(*) FROM t") as [[string]];
    assertEquals(Number(count), 300 - expected.length);
  });
}

test("a trigger that signals refuses its row", async (place) => {
  await place.db.execute(
    "CREATE TABLE t (id INT PRIMARY KEY)",
    "CREATE TRIGGER no_seven BEFORE INSERT ON t FOR EACH ROW IF NEW.id = 7 THEN " +
      "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'seven'; END IF",
  );
  const { report, rejects } = await rejected(
    place,
    Array.from({ length: 20 }, (_, id) => ({ id })),
  );
  assertEquals([report.committed, rejects.map(({ line }) => line)], [19, [8]]);
});

test("without leave to reject, a refused row stops the load, nothing of its batch is in, and no value is told", async (place) => {
  await place.db.execute("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(5))");
  const error = await refusal(() => load(place, [{ id: 1, v: "a" }, { id: 2, v: "secret-value" }]));
  assertEquals(error.code, "rows_rejected");
  assertStringIncludes(error.message, "rows.ndjson:2: column v: A value is longer");
  assertEquals(error.message.includes("secret"), false);
  assertEquals(await place.db.query("SELECT count(*) FROM t"), [["0"]]);
});

test("rejects are kept in a table beside the target, and replaced by a further attempt", async (place) => {
  await place.db.execute("CREATE TABLE t (id INT PRIMARY KEY, v INT CHECK (v < 9))");
  const report = await load(place, [{ id: 1, v: 1 }, { id: 2, v: 10 }], {
    maxRejects: { kind: "count", rowsMax: 5 },
    rejectTable: true,
  });
  assertEquals([report.committed, report.rejected], [1, 1]);
  const kept = await place.db.query(
    "SELECT line, column_name, code, CONVERT(record USING utf8mb4) FROM _snakepipe_reject",
  );
  assertEquals(kept, [["2", "v", "integrity", '{"id":2,"v":10}']]);
  // Another load tries the table that is there.
  const second = await load(place, [{ id: 3, v: 10 }], {
    maxRejects: { kind: "count", rowsMax: 5 },
    rejectTable: true,
    load: "second",
  });
  assertEquals(second.rejected, 1);
});
