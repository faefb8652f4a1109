/** A load by a column's value: a target that answers, and fails for a while each time, holds no other. */
import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { eventually } from "../support/eventually.ts";
import { ProgramFolder } from "./cli/program.ts";

const CONFIG = {
  backends: {
    free: { type: "libsql", url: "libsql:free.db" },
    // Refused at once, again and again.
    locked: { type: "libsql", url: "libsql:locked.db", busyTimeoutMs: 1 },
  },
  loads: {
    split: {
      ...{ source: "rows.csv", table: "t" },
      to: { by: "tenant", values: { x: "free" }, else: "locked" },
    },
  },
};

const HEAD = "id,tenant\n";
const MORE = "3,x\n4,y\n";
const FIRST = "1,x\n2,y\n";

function ids(path: string): unknown[] {
  using database = new DatabaseSync(path);
  // The load has it in hand now and then.
  database.exec("PRAGMA busy_timeout = 10000");
  return database.prepare("SELECT id FROM t ORDER BY id").all().map(({ id }) => id);
}

/** Keeps everybody out of a database. */
function locked(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec("BEGIN EXCLUSIVE");
  return database;
}

Deno.test("run by value: a target that is locked for a while holds no other", async () => {
  await using place = await ProgramFolder.create({
    "snakepipe.jsonc": JSON.stringify(CONFIG),
    "rows.csv": HEAD + FIRST,
  });
  const first = await place.run(["run"]);
  assertEquals(first.status, 0, first.err);
  await Deno.writeTextFile(place.path("rows.csv"), HEAD + FIRST + MORE);
  const lock = locked(place.path("locked.db"));
  const running = place.run(["run", "--json"]);
  let isOver = false;
  void running.then(() => isOver = true);
  try {
    await eventually(
      "the other is loaded",
      () => isOver || ids(place.path("free.db")).length === 2,
    );
    // It is not because the one that is locked was given up.
    assertEquals(isOver, false);
  } finally {
    lock.close();
  }
  const { status, err } = await running;
  assertEquals(status, 0, err);
  assertEquals([ids(place.path("free.db")), ids(place.path("locked.db"))], [[1, 3], [2, 4]]);
});
