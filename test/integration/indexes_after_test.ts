/** Indexes that wait for the rows of a load are there again, as they were, whatever becomes of it. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {
  LoadError,
  type LoadOptions,
  type LoadReport,
  ndjson,
  rows,
  type Source,
} from "../../mod.ts";
import {
  openHost,
  type Target,
  TARGET_KINDS,
  type TargetKind,
  withFolder,
} from "../support/target.ts";

const PROGRAM = fromFileUrl(new URL("../../host/dist/snakepipe.js", import.meta.url));

const AFTER = { indexes: "after" } as const;

/** Longer than anything takes that does not hang. */
const WAIT_MS_MAX = 60_000;

interface TestRow {
  readonly id: number;
  readonly text: string;
}

const rowsOf = (from: number, to: number): TestRow[] =>
  Array.from({ length: to - from }, (_, i) => ({ id: from + i, text: `x${from + i}` }));
const lines = (from: number, to: number): string =>
  rowsOf(from, to).map((row) => JSON.stringify(row) + "\n").join("");

/** Databases that somebody else can look at while a load runs. */
const SHARED = new Set<TargetKind>();
for (const kind of TARGET_KINDS) {
  const { crash } = kind.family;
  if (typeof crash === "function" && (await crash()).alone === undefined) SHARED.add(kind);
}

/** Where DDL commits, they cannot wait. */
const canWait = ({ family }: TargetKind): boolean => family.quirks.ddlCommits === undefined;

function test(
  name: string,
  act: (target: Target, folder: string) => Promise<void>,
  of: (kind: TargetKind) => boolean = canWait,
): void {
  for (const kind of TARGET_KINDS) {
    if (!of(kind)) continue;
    Deno.test(
      `indexes after: ${kind.name}: ${name}`,
      () => kind.use((target) => withFolder((folder) => act(target, folder))),
    );
  }
}

async function load(
  target: Target,
  source: Source,
  options: Partial<LoadOptions> = {},
): Promise<LoadReport> {
  await using host = await openHost();
  const backend = await host.createBackend(target.type, target.config);
  return await host.load(source, backend, {
    table: "t",
    batchRowsMax: 100,
    connections: 1,
    ...options,
  });
}

/** A table with two indexes that decide nothing, a unique one and one of a primary key. */
async function makeTable({ execute, sql }: Target): Promise<void> {
  await execute(`CREATE TABLE t (id ${sql.integer} NOT NULL PRIMARY KEY, text ${sql.types.text})`);
  await execute("CREATE INDEX t_text ON t (text, id)");
  await execute("CREATE INDEX t_id ON t (id)");
  await execute("CREATE UNIQUE INDEX t_unique ON t (text)");
}

function indexes(target: Target) {
  return target.query(target.sql.indexesOf("t"));
}

async function count({ query, textOf }: Target, table = "t"): Promise<number> {
  const [row] = await query(`SELECT ${textOf("count(*)")} AS n FROM ${table}`);
  return Number(row!.n);
}

/** Waits for the first batch. */
async function filled(target: Target): Promise<void> {
  const began = performance.now();
  while (await count(target) === 0) {
    assert(performance.now() - began < WAIT_MS_MAX, "no batch is committed");
    await new Promise((go) => setTimeout(go, 20));
  }
}

function isShared({ type }: Target): boolean {
  return [...SHARED].some(({ name }) => name === type);
}

test("an append into an empty table", async (target, folder) => {
  await makeTable(target);
  const before = await indexes(target);
  const during: string[] = [];
  const shared = isShared(target);
  const files = ["a.ndjson", "b.ndjson"].map((name) => join(folder, name));
  for (const [i, file] of files.entries()) {
    await Deno.writeTextFile(file, lines(i * 250, i * 250 + 250));
  }
  const whole = ndjson(files);
  const source: Source = {
    ...whole,
    async *parts() {
      let first = true;
      for await (const part of whole.parts()) {
        if (!first && shared) {
          await filled(target);
          during.push(...(await indexes(target)).map(({ name }) => name!));
        }
        yield part;
        first = false;
      }
    },
  };
  const report = await load(target, source, AFTER);
  assertEquals(report.committed, 500);
  assertEquals(during.filter((name) => name === "t_text" || name === "t_id"), []);
  if (shared) assert(during.includes("t_unique"));
  assertEquals(await indexes(target), before);
  assertEquals(await count(target, "_snakepipe_index"), 0);
  const note = report.notes.find((note) => note.includes("t_unique"));
  assertStringIncludes(note!, "stays while rows are loaded: it decides which rows are accepted");
  assertEquals(await count(target), 500);
});

test("a replace", async (target) => {
  await makeTable(target);
  // Some databases replace no rows under a unique one.
  await target.execute(target.sql.dropIndex("t_unique", "t"));
  await load(target, rows(rowsOf(0, 100)));
  const before = await indexes(target);
  const report = await load(target, rows(rowsOf(50, 350)), { mode: "replace", ...AFTER });
  assertEquals(report.committed, 300);
  assertEquals(await indexes(target), before);
  assertEquals(await count(target), 300);
});

test(
  "a load that ends with an error has made them again, and the same command goes on",
  async (target, folder) => {
    await makeTable(target);
    const before = await indexes(target);
    const file = join(folder, "rows.ndjson");
    // The unique index refuses it.
    await Deno.writeTextFile(file, lines(0, 350) + '{"id":350,"text":"x3"}\n' + lines(351, 400));
    const options = { ...AFTER, load: "rows" };
    const error = await assertRejects(() => load(target, ndjson(file), options), LoadError);
    assertEquals(error.message.includes("not there"), false, error.message);
    assertEquals(await indexes(target), before);
    assertEquals(await count(target, "_snakepipe_index"), 0);
    assertEquals(await count(target), 300);
    await Deno.writeTextFile(file, lines(0, 400));
    assertEquals((await load(target, ndjson(file), options)).committed, 100);
    assertEquals(await indexes(target), before);
    assertEquals(await count(target), 400);
  },
);

test("refused where they cannot wait", async (target) => {
  const refusal = async (options: Partial<LoadOptions>) => {
    const error = await assertRejects(
      () => load(target, rows(rowsOf(0, 10)), { ...AFTER, ...options }),
      LoadError,
    );
    assertEquals(error.code, "config_invalid", error.message);
    return error.message;
  };
  if (target.family.quirks.ddlCommits !== undefined) {
    await target.execute(
      `CREATE TABLE t (id ${target.sql.integer}, text ${target.sql.types.text})`,
    );
    const message = await refusal({});
    assertStringIncludes(message, "Indexes of t cannot wait: to make or drop one commits");
    return;
  }
  await makeTable(target);
  assertStringIncludes(
    await refusal({ mode: "upsert", key: ["id"] }),
    "Indexes of t cannot wait: an upsert finds the rows that are there by them; leave out " +
      "--indexes after",
  );
  const before = await indexes(target);
  await target.execute("INSERT INTO t VALUES (-1, 'there')");
  assertStringIncludes(
    await refusal({}),
    "Indexes of t cannot wait for its rows: it has some already; leave out --indexes after",
  );
  assertEquals(await indexes(target), before);
  assertEquals(await count(target), 1);
}, () => true);

/** Starts a load of standard input. */
function start(target: Target): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", PROGRAM, "load", "-", "--to", target.config.url, "--table", "t"],
      ...["--batch-rows", "100", "--connections", "1", "--indexes", "after", "--quiet"],
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** What a load leaves that is killed while its rows come. */
async function killed(target: Target): Promise<void> {
  const process = start(target);
  const stdin = process.stdin.getWriter();
  await stdin.write(new TextEncoder().encode(lines(0, 250)));
  await filled(target).catch(async (error) => {
    process.kill("SIGKILL");
    await process.status;
    throw error;
  });
  process.kill("SIGKILL");
  await process.status;
  await stdin.abort().catch(() => {});
  const names = (await indexes(target)).map(({ name }) => name);
  assertEquals(names.filter((name) => name === "t_text" || name === "t_id"), []);
  assertEquals(await count(target, "_snakepipe_index"), 2);
}

/** Where nobody else can look at the database, nobody can tell when to kill. */
function testKilled(name: string, act: (target: Target) => Promise<void>): void {
  test(`killed: ${name}`, async (target) => {
    await makeTable(target);
    const before = await indexes(target);
    // Until a load has made it.
    await load(target, rows(rowsOf(-5, -4)), { table: "other" });
    await killed(target);
    await act(target);
    assertEquals(await indexes(target), before);
    assertEquals(await count(target, "_snakepipe_index"), 0);
  }, (kind) => canWait(kind) && SHARED.has(kind));
}

testKilled("the same command makes them again", async (target) => {
  const process = start(target);
  const stdin = process.stdin.getWriter();
  await stdin.write(new TextEncoder().encode(lines(0, 400)));
  await stdin.close();
  assertEquals((await process.status).code, 0);
  assertEquals(await count(target), 400);
});

testKilled("so does any other load, also one that adds to the rows", async (target) => {
  await load(target, rows(rowsOf(1_000, 1_100)), { load: "other" });
});

testKilled("so does a load that begins again, and a replace", async (target) => {
  await target.execute("DELETE FROM t");
  await load(target, rows(rowsOf(0, 300)), { load: "-", fresh: true, ...AFTER });
  assertEquals(await count(target), 300);
  await load(target, rows(rowsOf(0, 200)), { mode: "replace", ...AFTER });
  assertEquals(await count(target), 200);
});

testKilled("one that was made by hand meanwhile stays as it is", async (target) => {
  await target.execute("CREATE INDEX t_id ON t (id)");
  await load(target, rows(rowsOf(1_000, 1_100)), { load: "other" });
});

testKilled("those of a table that was dropped are forgotten", async (target) => {
  await target.execute("DROP TABLE t");
  await load(target, rows(rowsOf(0, 10)), { load: "other" });
  assertEquals(await indexes(target), []);
  assertEquals(await count(target, "_snakepipe_index"), 0);
  await target.execute("DROP TABLE t");
  await makeTable(target);
});

testKilled("what is no definition of an index is not run", async (target) => {
  const [kept] = await target.query(
    `SELECT ${target.textOf("statements")} AS s FROM _snakepipe_index WHERE index_name = 't_id'`,
  );
  for (const [i, sql] of ["DROP TABLE t", `${JSON.parse(kept!.s!)[0]}; DROP TABLE t`].entries()) {
    await target.execute(
      `UPDATE _snakepipe_index SET statements = '${
        JSON.stringify([sql])
      }' WHERE index_name = 't_id'`,
    );
    const error = await assertRejects(
      () => load(target, rows(rowsOf(1_000 + i, 1_001 + i)), { load: `other ${i}` }),
      LoadError,
    );
    assertStringIncludes(error.message, "is not the definition of an index: nothing of it is run");
    assert(await count(target) > 0);
  }
  await target.execute(
    `UPDATE _snakepipe_index SET statements = '${kept!.s!}' WHERE index_name = 't_id'`,
  );
  await load(target, rows(rowsOf(2_000, 2_100)), { load: "another" });
});
