/** What the shared layer does for a database whose DDL commits, and whose UPDATE has no RETURNING. */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { LIBSQL } from "../../../host/drivers/libsql/family.ts";
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import type { Session } from "../../../host/drivers/libsql/session.ts";
import { SqlConnection } from "../../../host/drivers/sql/connection.ts";
import type { SqlFamily } from "../../../host/drivers/sql/family.ts";
import { asideName } from "../../../host/drivers/sql/names.ts";
import type { SqlWords } from "../../../host/drivers/sql/words.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { writeOne } from "../../support/write_one.ts";
import {
  batchOf,
  begin,
  expectKind,
  fileTarget,
  loadAll,
  orderOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";

const COLUMNS = { id: "int64 key", name: "text" };
const ASIDES = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%aside%'";

/** SQLite as if it had less. What begins, ends and changes the schema is noted. */
async function open(scratch: Scratch, words: Partial<SqlWords>) {
  const session = await openFile(fileTarget(scratch.path()));
  const ran: string[] = [];
  const noted = new Proxy(session, {
    get(target, name) {
      const member = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const sql = /^(CREATE|DROP) TABLE/.exec(String(args[0]))?.[0];
        if (name === "begin" || name === "commit" || name === "rollback") ran.push(name);
        else if (name === "run" && sql !== undefined) ran.push(sql);
        return member.apply(target, args);
      };
    },
  });
  const family: SqlFamily<Session> = { ...LIBSQL, words: { ...LIBSQL.words, ...words } };
  const connection = new SqlConnection(
    { session: noted, family, endpoint: "here" },
    await createReferenceCodec(),
  );
  return { connection, ran };
}

Deno.test("DDL that commits stands outside of transactions, and what was aside is dropped behind COMMIT", async () => {
  await using scratch = new Scratch();
  await scratch.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)");
  const { connection, ran } = await open(scratch, { ddlCommits: true });
  await loadAll(connection, orderOf(shapeOf("replace", COLUMNS)), [{ id: 1, name: "a" }]);
  const steps = ran.map((step, i) => [step, ran.slice(0, i).findLast((s) => !/TABLE/.test(s))]);
  for (const [step, before] of steps) {
    if (step!.includes("TABLE")) assertEquals(before, "commit", ran.join(", "));
  }
  assertEquals(ran.at(-1), "DROP TABLE");
  assertEquals(await scratch.query("SELECT name FROM t"), [["a"]]);
  assertEquals(await scratch.query(ASIDES), [[0n]]);
  await connection.close();
});

Deno.test("what a replace that died behind its COMMIT left aside goes with the next one", async () => {
  await using scratch = new Scratch();
  await scratch.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)");
  const { connection } = await open(scratch, { ddlCommits: true });
  const order = orderOf(shapeOf("replace", COLUMNS));
  await loadAll(connection, order, [{ id: 1, name: "a" }]);
  const [load] = await scratch.query("SELECT id FROM _snakepipe_load");
  const aside = asideName(LIBSQL.words, "t", String(load![0]));
  await scratch.exec(`CREATE TABLE "${aside}" (id INTEGER)`);
  assertEquals(await scratch.query(ASIDES), [[1n]]);
  await loadAll(connection, { ...order, source: "other.ndjson" }, [{ id: 2, name: "b" }]);
  assertEquals(await scratch.query(ASIDES), [[0n]]);
  assertEquals(await scratch.query("SELECT name FROM t"), [["b"]]);
  await connection.close();
});

for (const returning of [true, false]) {
  const how = returning ? "with" : "without";
  Deno.test(`a batch that shares bytes with another is refused, ${how} RETURNING`, async () => {
    await using scratch = new Scratch();
    const { connection } = await open(scratch, { returning });
    const shape = shapeOf("append", COLUMNS);
    await begin(connection, orderOf(shape));
    const first = batchOf(shape, [{ id: 1, name: "a" }, { id: 2, name: "b" }]);
    expectKind(await writeOne(connection, first), "written");
    const ledger = "SELECT committed, superseded, rejected FROM _snakepipe_batch";
    assertEquals(await scratch.query(ledger), [[2n, 0n, 0n]]);
    const other = { ...batchOf(shape, [{ id: 3, name: "c" }]), sequence: 1, byteOffset: 5 };
    const { failure } = expectKind(await writeOne(connection, other), "fatal");
    assertEquals(failure.code, "OTHER_BATCH");
    assertEquals(await scratch.query("SELECT count(*) FROM t"), [[2n]]);
    await connection.close();
  });
}

Deno.test("the host's tables refer to no load where that would lock its row", async () => {
  await using scratch = new Scratch();
  const { connection } = await open(scratch, { references: false });
  await begin(connection, orderOf(shapeOf("append", COLUMNS), undefined, { rejectTable: true }));
  const referring = await scratch.query(
    "SELECT count(*), sum(sql LIKE '%REFERENCES%') FROM sqlite_schema WHERE name LIKE '_snakepipe_%'" +
      " AND type = 'table'",
  );
  assertEquals(referring, [[3n, 0n]]);
  await connection.close();
});

Deno.test("names that the database cannot have are refused, and sources too long for its keys", async () => {
  await using scratch = new Scratch();
  const { connection } = await open(scratch, {
    nameFault: (name) => name.length > 5 ? "is longer than 5 characters" : undefined,
    keyCharactersMax: 20,
  });
  const shape = shapeOf("append", { id: "int64 key", longer: "text" });
  const named = await assertRejects(() => connection.prepareLoad(orderOf(shape)), LoadError);
  assertEquals(named.code, "name_refused");
  assertEquals(named.message, 'Column name is longer than 5 characters: "longer"');
  const order = orderOf(shapeOf("append", COLUMNS), undefined, { source: "é".repeat(21) });
  const sourced = await assertRejects(() => connection.prepareLoad(order), LoadError);
  assertEquals(sourced.code, "name_refused");
  assertMatch(sourced.message, /21 characters long.*keeps 20.*--load NAME/);
  await connection.close();
});
