/** Tables that refer to the target of a replace, on every engine and through a server. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Connection } from "../../../host/drivers/driver.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import { begin, ENGINES, loadAll, orderOf, Scratch, shapeOf } from "./load_case.ts";

const SHAPE = shapeOf("replace", { id: "int64", v: "text" }, "p");
const SAME = [{ id: 1, v: "new" }, { id: 2, v: "new" }];

/** How the database is reached: settings beside the url, or a server before the file. */
const WAYS: readonly (readonly [string, Record<string, unknown> | undefined])[] = [
  ...ENGINES,
  ["server", undefined],
];

async function connected(
  scratch: Scratch,
  settings: Record<string, unknown> | undefined,
  act: (connection: Connection) => Promise<void>,
): Promise<void> {
  if (settings) return await act(await scratch.connect(settings));
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await act(connection);
  await connection.close();
}

async function asides(scratch: Scratch): Promise<number> {
  const found = await scratch.query("SELECT 1 FROM sqlite_schema WHERE name LIKE '%aside%'");
  return found.length;
}

/** What refers to `p`, and the rest of it that tables are made of. */
const CHANGED: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  "cascades": [
    "would change table c: its foreign key on (pid) refers to p with ON DELETE CASCADE",
    ["CREATE TABLE c (id INTEGER, pid INTEGER REFERENCES p (id) ON DELETE CASCADE)"],
  ],
  "sets null": [
    "would change table c: its foreign key on (pid) refers to p with ON DELETE SET NULL",
    ["CREATE TABLE c (id INTEGER, pid INTEGER REFERENCES p ON DELETE SET NULL)"],
  ],
  "sets a default": [
    "would change table c: its foreign key on (pid) refers to p with ON DELETE SET DEFAULT",
    ["CREATE TABLE c (id INTEGER, pid INTEGER DEFAULT 7 REFERENCES p (id) ON DELETE SET DEFAULT)"],
  ],
  "names it in other letters": [
    "would change table C: its foreign key on (Pid) refers to p with ON DELETE CASCADE",
    ['CREATE TABLE C (id INTEGER, Pid INTEGER REFERENCES "P" ("ID") ON DELETE CASCADE)'],
  ],
  "has no rowid": [
    "would change table c: its foreign key on (pid) refers to p with ON DELETE CASCADE",
    ["CREATE TABLE c (id INTEGER, pid INTEGER PRIMARY KEY REFERENCES p ON DELETE CASCADE) WITHOUT ROWID"],
  ],
  "has a key of two columns": [
    "would change table c: its foreign key on (pid, pv) refers to p with ON DELETE CASCADE",
    [
      "CREATE UNIQUE INDEX two ON p (id, v)",
      "CREATE TABLE c (id INTEGER, pid INTEGER, pv TEXT DEFAULT 'old', " +
      "FOREIGN KEY (pid, pv) REFERENCES p (id, v) ON DELETE CASCADE)",
    ],
  ],
  "is changed by a trigger": [
    "would change table c: a trigger on DELETE writes into it (of gone)",
    [
      "CREATE TABLE c (id INTEGER, pid INTEGER)",
      "CREATE TRIGGER gone AFTER DELETE ON P BEGIN DELETE FROM c WHERE pid = old.id; END",
    ],
  ],
};

async function family(scratch: Scratch, more: readonly string[]): Promise<void> {
  await scratch.exec(
    "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT)",
    "INSERT INTO p VALUES (1, 'old'), (2, 'old')",
    ...more,
    "INSERT INTO c (id, pid) VALUES (10, 1)",
  );
}

for (const [way, settings] of WAYS) {
  Deno.test(`a replace that would change another table is refused before the first row (${way})`, async () => {
    for (const [what, [says, more]] of Object.entries(CHANGED)) {
      await using scratch = new Scratch();
      await family(scratch, more);
      await connected(scratch, settings, async (connection) => {
        const order = orderOf(SHAPE);
        const error = await assertRejects(() => connection.prepareLoad(order), LoadError);
        assertEquals([error.code, error.blame], ["table_refused", "config"], what);
        assertStringIncludes(error.message, says, what);
        assertStringIncludes(error.message, "--mode upsert", what);
      });
      assertEquals(await scratch.query("SELECT id, pid FROM c"), [[10n, 1n]], what);
      assertEquals(await asides(scratch), 0, what);
    }
  });

  Deno.test(`a replace with the rows that others refer to changes nothing of them (${way})`, async () => {
    for (const action of ["NO ACTION", "RESTRICT"]) {
      await using scratch = new Scratch();
      await family(scratch, [
        `CREATE TABLE c (id INTEGER, pid INTEGER REFERENCES P (id) ON DELETE ${action})`,
      ]);
      await connected(scratch, settings, async (connection) => {
        await loadAll(connection, orderOf(SHAPE), SAME);
        assertEquals(await scratch.query("SELECT v FROM p"), [["new"], ["new"]]);
        const error = await assertRejects(
          () => loadAll(connection, orderOf(SHAPE), SAME.slice(1)),
          LoadError,
        );
        assertEquals([error.code, error.blame], ["rows_rejected", "data"]);
        assertStringIncludes(error.message, "nothing has changed: rows of c (pid) refer to it");
      });
      assertEquals(await scratch.query("SELECT id FROM p"), [[1n], [2n]]);
      assertEquals(await scratch.query("SELECT id, pid FROM c"), [[10n, 1n]]);
    }
  });

  Deno.test(`a replace of a table that refers to itself is none of others (${way})`, async () => {
    for (const action of ["NO ACTION", "RESTRICT", "CASCADE", "SET NULL"]) {
      await using scratch = new Scratch();
      await scratch.exec(
        `CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES T ON DELETE ${action})`,
        "INSERT INTO t VALUES (1, NULL), (2, 1), (3, 2)",
      );
      await connected(scratch, settings, async (connection) => {
        const shape = shapeOf("replace", { id: "int64", up: "int64" });
        await loadAll(connection, orderOf(shape), [{ id: 5, up: 6 }, { id: 6 }]);
      });
      assertEquals(await scratch.query("SELECT id, up FROM t"), [[5n, 6n], [6n, null]], action);
    }
  });

  Deno.test(`what refers to the table since the load began is seen as it ends (${way})`, async () => {
    await using scratch = new Scratch();
    await family(scratch, ["CREATE TABLE c (id INTEGER, pid INTEGER)"]);
    await connected(scratch, settings, async (connection) => {
      const order = orderOf(SHAPE);
      const record = await begin(connection, order);
      await scratch.exec(
        "DROP TABLE c",
        "CREATE TABLE c (id INTEGER, pid INTEGER REFERENCES p ON DELETE CASCADE)",
        "INSERT INTO c VALUES (10, 1)",
      );
      const none = { read: 0, committed: 0, superseded: 0, rejected: 0 };
      const error = await assertRejects(
        () => connection.finishLoad(order, record, none),
        LoadError,
      );
      assertEquals(error.code, "table_refused");
    });
    assertEquals(await scratch.query("SELECT count(*) FROM p"), [[2n]]);
    assertEquals(await scratch.query("SELECT id, pid FROM c"), [[10n, 1n]]);
  });
}

Deno.test("where foreign keys are off they change nothing, and stop nothing", async () => {
  await using scratch = new Scratch();
  await family(scratch, [
    "CREATE TABLE c (id INTEGER, pid INTEGER REFERENCES p ON DELETE CASCADE)",
  ]);
  const connection = await scratch.connect();
  await connection.run(["PRAGMA foreign_keys = OFF"]);
  await loadAll(connection, orderOf(SHAPE), SAME);
  assertEquals(await scratch.query("SELECT id, pid FROM c"), [[10n, 1n]]);
});

Deno.test("a trigger that keeps an index of the table's text does not stop a replace", async () => {
  await using scratch = new Scratch();
  await scratch.exec(
    "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT)",
    "CREATE VIRTUAL TABLE words USING fts5(v, content=p, content_rowid=id)",
    "CREATE TRIGGER added AFTER INSERT ON p BEGIN INSERT INTO words (rowid, v) VALUES (new.id, new.v); END",
    "CREATE TRIGGER gone AFTER DELETE ON p BEGIN " +
      "INSERT INTO words (words, rowid, v) VALUES ('delete', old.id, old.v); END",
    "INSERT INTO p VALUES (1, 'old'), (2, 'older')",
  );
  const connection = await scratch.connect();
  await loadAll(connection, orderOf(SHAPE), SAME);
  const found = (word: string) =>
    scratch.query("SELECT count(*) FROM words WHERE words MATCH ?", [word]);
  assertEquals([await found("old"), await found("new")], [[[0n]], [[2n]]]);
});

Deno.test("a table that decides for itself what becomes of rows is refused in every mode", async () => {
  const tables = {
    "id INTEGER PRIMARY KEY, v TEXT UNIQUE ON CONFLICT REPLACE": "ON CONFLICT REPLACE",
    "id INTEGER PRIMARY KEY ON /* so */ conflict\n ignore, v TEXT": "ON CONFLICT IGNORE",
    "id INTEGER PRIMARY KEY, v TEXT NOT NULL ON CONFLICT ROLLBACK": "ON CONFLICT ROLLBACK",
  };
  for (const [columns, clause] of Object.entries(tables)) {
    await using scratch = new Scratch();
    await scratch.exec(`CREATE TABLE p (${columns})`, "INSERT INTO p VALUES (1, 'old')");
    const connection = await scratch.connect();
    for (const mode of ["append", "upsert", "replace"] as const) {
      const shape = shapeOf(mode, { id: "int64 key", v: "text" }, "p");
      const error = await assertRejects(() => connection.prepareLoad(orderOf(shape)), LoadError);
      assertEquals(error.code, "table_refused");
      assertStringIncludes(error.message, `declares a constraint with ${clause}`);
    }
    assertEquals(await scratch.query("SELECT id, v FROM p"), [[1n, "old"]]);
  }
  await using scratch = new Scratch();
  await scratch.exec(
    `CREATE TABLE p (id INTEGER PRIMARY KEY ON CONFLICT FAIL, "on conflict replace" TEXT ` +
      "DEFAULT 'on conflict ignore' -- on conflict rollback\n)",
  );
  const shape = shapeOf("append", { id: "int64" }, "p");
  await loadAll(await scratch.connect(), orderOf(shape), [{ id: 1 }]);
});
