/** What a session is on each engine: its result codes, and what is left when it ends. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { EngineDatabase } from "../../../host/drivers/libsql/engine.ts";
import { EngineSession } from "../../../host/drivers/libsql/engine_session.ts";
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import { resultCodeName } from "../../../host/drivers/libsql/result_code.ts";
import { SessionError } from "../../../host/drivers/libsql/session.ts";
import { ENGINES, fileTarget, Scratch } from "./load_case.ts";

Deno.test("SQLite's engine lets go of its files as a session ends, whatever it has prepared", async () => {
  await using scratch = new Scratch();
  const files = () =>
    [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
      try {
        return Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith(scratch.folder);
      } catch {
        return false;
      }
    }).length;
  const session = await openFile(fileTarget(scratch.path()));
  await session.setUp("PRAGMA journal_mode = WAL");
  await session.run("CREATE TABLE t (a INTEGER)");
  await session.begin();
  await session.runAll([{ sql: "INSERT INTO t VALUES (?)", args: [1n] }]);
  await session.commit();
  assertEquals(await session.all("SELECT a FROM t"), [[1n]]);
  assert(files() >= 3);
  await session.close();
  assertEquals(files(), 0);
  assertEquals([...Deno.readDirSync(scratch.folder)].map(({ name }) => name), ["test.db"]);
});

Deno.test("result codes are told alike by both engines, and named as SQLite's manual does", async () => {
  const codes = Object.entries({
    "SELEC 1": "SQLITE_ERROR",
    "INSERT INTO missing VALUES (1)": "SQLITE_ERROR",
    "INSERT INTO t (id) VALUES (1)": "SQLITE_CONSTRAINT_PRIMARYKEY",
    "INSERT INTO t (id) VALUES ('x')": "SQLITE_MISMATCH",
    "INSERT INTO t (u) VALUES (1)": "SQLITE_CONSTRAINT_UNIQUE",
    "INSERT INTO t (n) VALUES (NULL)": "SQLITE_CONSTRAINT_NOTNULL",
    "INSERT INTO t (c) VALUES (6)": "SQLITE_CONSTRAINT_CHECK",
    "INSERT INTO t (p) VALUES (7)": "SQLITE_CONSTRAINT_FOREIGNKEY",
    "INSERT INTO t (c) VALUES (0)": "SQLITE_CONSTRAINT_TRIGGER",
    "INSERT INTO s VALUES ('x')": "SQLITE_CONSTRAINT_DATATYPE",
    "INSERT INTO t (x) VALUES (zeroblob(2000000000))": "SQLITE_TOOBIG",
  });
  for (const [, settings] of ENGINES) {
    await using scratch = new Scratch();
    await scratch.exec(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE, n NOT NULL DEFAULT 1,
         c CHECK (c < 5), p REFERENCES t, x)`,
      "CREATE TRIGGER g BEFORE INSERT ON t WHEN new.c = 0 BEGIN SELECT raise(ABORT, 'no'); END",
      "CREATE TABLE s (i INTEGER) STRICT",
      "INSERT INTO t (id, u) VALUES (1, 1)",
    );
    const session = await openFile(fileTarget(scratch.path(), settings));
    for (const [sql, code] of codes) {
      const error = await assertRejects(() => session.run(sql), SessionError);
      assertEquals(error.code, code, sql);
    }
    const wrong = await assertRejects(() => session.run("SELECT ?", [true as never]), SessionError);
    assertEquals(wrong.code, "VALUE_NOT_BINDABLE");
    await session.close();
    const closed = await assertRejects(() => session.run("SELECT 1"), SessionError);
    assertEquals(closed.code, "SQLITE_MISUSE");
  }
  assertEquals([261, 517, 1546, 516, 8202, 99].map(resultCodeName), [
    ...["SQLITE_BUSY_RECOVERY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_IOERR_TRUNCATE"],
    ...["SQLITE_ABORT_ROLLBACK", "SQLITE_IOERR_DATA", "SQLITE_UNKNOWN"],
  ]);
});

/** A database whose images cannot be let go of so many times. */
function lockedImages(refusals: number): { database: EngineDatabase; said: string[] } {
  const said: string[] = [];
  return {
    said,
    database: {
      inTransaction: false,
      exec(sql) {
        said.push(sql);
        if (sql.startsWith("DETACH") && refusals-- > 0) throw new SessionError("SQLITE_LOCKED");
      },
      prepare: () => ({ returnsRows: false, run: () => 0, all: () => [] }),
      attach: () => void said.push("ATTACH"),
      close: () => {},
    },
  };
}

Deno.test("an image that could not be let go of is, before the next transaction begins", async () => {
  const { database, said } = lockedImages(1);
  const session = new EngineSession(database, 0);
  await session.begin();
  session.attachImage(new Uint8Array());
  await session.commit();
  assertEquals(session.usable, true, "the batch is committed");
  await session.begin();
  session.attachImage(new Uint8Array());
  const detach = "DETACH _snakepipe_image";
  assertEquals(
    said,
    ["BEGIN IMMEDIATE", "ATTACH", "COMMIT", detach, detach, "BEGIN IMMEDIATE", "ATTACH"],
  );
});

Deno.test("a session whose image cannot be let go of begins nothing, and is to be replaced", async () => {
  const { database, said } = lockedImages(2);
  const session = new EngineSession(database, 0);
  await session.begin();
  session.attachImage(new Uint8Array());
  await session.commit();
  const error = await assertRejects(() => session.begin(), SessionError);
  assertEquals([error.code, session.usable], ["SQLITE_LOCKED", false]);
  assertEquals(said.filter((sql) => sql === "BEGIN IMMEDIATE").length, 1);
});

Deno.test("an image that could not be opened need not be let go of", async () => {
  const { database, said } = lockedImages(0);
  const exec = database.exec;
  const refusing: EngineDatabase = {
    ...database,
    exec: (sql) => {
      if (sql.startsWith("DETACH")) throw new SessionError("SQLITE_ERROR");
      exec(sql);
    },
    attach: () => {
      throw new SessionError("SQLITE_BUSY");
    },
  };
  const session = new EngineSession(refusing, 0);
  await session.begin();
  assertThrows(() => session.attachImage(new Uint8Array()), SessionError);
  session.rollback();
  await session.begin();
  assertEquals([session.usable, said.at(-1)], [true, "BEGIN IMMEDIATE"]);
});
