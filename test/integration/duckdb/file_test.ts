/** The file itself: who has it open, what it is, and what an engine may do beside it. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DuckDBInstance } from "@duckdb/node-api";
import { LoadError } from "../../../mod.ts";
import { endpointOf, targetOf } from "../../../host/drivers/duckdb/config.ts";
import { openSession } from "../../../host/drivers/duckdb/session.ts";
import { family } from "../../families/duckdb/family.ts";
import { withDuckFile } from "./fixture.ts";

/** Opens a file in a process of its own, says so, and ends once its input does. */
const HOLDER = `import { DuckDBInstance } from "@duckdb/node-api";
const instance = await DuckDBInstance.create(Deno.args[0]);
await (await instance.connect()).run("CREATE TABLE IF NOT EXISTS held (id INTEGER)");
console.log("open");
for await (const _ of Deno.stdin.readable);`;

Deno.test("duckdb: a file that another process has open is an error that says so, and nothing is changed", () =>
  withDuckFile(async (file) => {
    const script = new URL(`./holder_${crypto.randomUUID().slice(0, 8)}.ts`, import.meta.url);
    await Deno.writeTextFile(script, HOLDER);
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script.href, file.path],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    try {
      const said = await holder.stdout.getReader().read();
      assertEquals(new TextDecoder().decode(said.value), "open\n");
      const error = await assertRejects(() => file.load([{ id: 1 }], { table: "t" }), LoadError);
      assertEquals([error.code, error.vendorCode], ["connection_failed", "FILE_IN_USE"]);
      const named = `Another process (deno, process ${holder.pid}) has the file open`;
      assert(error.message.includes(named), error.message);
      await holder.stdin.close();
      await holder.status;
      assertEquals((await file.load([{ id: 1 }], { table: "t" })).committed, 1);
    } finally {
      await Deno.remove(script);
      await holder.stdin.close().catch(() => {});
      await holder.status;
    }
  }));

Deno.test("duckdb: a file that cannot be opened is told, each by what is wrong with it", () =>
  withDuckFile(async (file) => {
    await file.load([{ id: 1 }], { table: "t" });
    const good = await Deno.readFile(file.path);
    const at = (name: string) => `${file.folder}/${name}`;
    // How the files of another embedded database begin.
    const magic = Uint8Array.fromBase64("U1FMaXRlIGZvcm1hdCAzAA==");
    await Deno.writeFile(at("lite.duckdb"), Uint8Array.from([...magic, ...new Uint8Array(4_080)]));
    await Deno.writeTextFile(at("text.duckdb"), "no database at all, ".repeat(1_000));
    await Deno.writeFile(at("newer.duckdb"), ofVersion(good, 200));
    await Deno.writeFile(at("cut.duckdb"), good.subarray(0, 6_000));
    await Deno.writeFile(
      at("damaged.duckdb"),
      good.map((byte, i) => i === 4_200 ? byte ^ 1 : byte),
    );
    const codes: Record<string, [string, string, string]> = {
      "lite.duckdb": ["database_failed", "NOT_A_DATABASE", "no DuckDB database"],
      "text.duckdb": ["database_failed", "NOT_A_DATABASE", "no DuckDB database"],
      "newer.duckdb": [
        "database_failed",
        "OTHER_VERSION",
        "version of DuckDB that this one cannot",
      ],
      "cut.duckdb": ["database_failed", "DAMAGED", "damaged, or was cut"],
      "damaged.duckdb": ["database_failed", "DAMAGED", "damaged, or was cut"],
      "": ["database_failed", "FOLDER", "a folder in the place of the file"],
      "nowhere/t.duckdb": ["database_failed", "NO_FOLDER", "folder of the file is not there"],
      [`${"x".repeat(300)}`]: ["database_failed", "LONG_NAME", "longer than its file system takes"],
    };
    for (const [name, [code, vendorCode, words]] of Object.entries(codes)) {
      const config = { url: `duckdb:${at(name)}` };
      const error = await assertRejects(
        () => file.load([{ id: 1 }], { table: "t", config }),
        LoadError,
      );
      assertEquals([error.code, error.vendorCode], [code, vendorCode], `${name}: ${error.message}`);
      assert(error.message.includes(words), error.message);
    }
  }));

Deno.test("duckdb: a name over the limit is refused before anything is made", () =>
  withDuckFile(async (file) => {
    const table = "n".repeat(1_025);
    const error = await assertRejects(() => file.load([{ id: 1 }], { table }), LoadError);
    assertEquals(error.code, "name_refused");
    assertEquals((await file.load([{ id: 1 }], { table: "n".repeat(900) })).committed, 1);
  }));

/** The file as a later version of DuckDB would write it: the first word counts in the checksum. */
function ofVersion(file: Uint8Array, version: number): Uint8Array {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  const sum = () => BigInt.asUintN(64, view.getBigUint64(8, true) * 0xbf58476d1ce4e5b9n);
  const before = sum();
  view.setUint32(12, version, true);
  view.setBigUint64(0, view.getBigUint64(0, true) ^ before ^ sum(), true);
  return bytes;
}

Deno.test("duckdb: a file that this process has open with other settings is told", () =>
  withDuckFile(async (file) => {
    const instance = await DuckDBInstance.fromCache(file.path);
    try {
      const error = await assertRejects(() => file.load([{ id: 1 }], { table: "t" }), LoadError);
      assertEquals(error.vendorCode, "OTHER_SETTINGS");
    } finally {
      instance.closeSync();
    }
  }));

Deno.test("duckdb: the engine reads and writes nothing but its file, and loads no code", () =>
  withDuckFile(async (file) => {
    const session = await openSession({ path: file.path, bulk: "auto", threads: 1 });
    try {
      const other = `${file.folder}/other`;
      await Deno.writeTextFile(`${other}.csv`, "a\n1\n");
      for (
        const sql of [
          `ATTACH '${other}.duckdb'`,
          `COPY (SELECT 1) TO '${other}.txt'`,
          `SELECT * FROM read_csv('${other}.csv')`,
          "INSTALL httpfs",
          "SET enable_external_access = true",
          "LOAD 'httpfs'",
        ]
      ) {
        await assertRejects(() => session.run(sql), Error, undefined, sql);
      }
    } finally {
      await session.close();
    }
  }));

Deno.test("duckdb: threads and memory are what the settings say", () =>
  withDuckFile(async (file) => {
    const session = await openSession({
      path: file.path,
      bulk: "auto",
      threads: 3,
      memoryMegabytes: 256,
    });
    try {
      const rows = await session.all(
        "SELECT current_setting('threads')::VARCHAR, current_setting('memory_limit')",
      );
      assertEquals(rows, [["3", "256.0 MiB"]]);
    } finally {
      await session.close();
    }
  }));

Deno.test("duckdb: a batch that was begun before the rows of its table were deleted is committed behind that", () =>
  withDuckFile(async (file) => {
    const target = { path: file.path, bulk: "auto", threads: 1 } as const;
    const [batch, other] = [await openSession(target), await openSession(target)];
    try {
      await batch.run("CREATE TABLE t (id BIGINT)");
      await batch.run("INSERT INTO t VALUES (1)");
      await batch.begin();
      await batch.run("INSERT INTO t SELECT count(*) + 1 FROM t");
      await other.run("TRUNCATE t");
      await other.run("INSERT INTO t VALUES (3)");
      const seen = await batch.commit().then(() => false, () => true);
      assertEquals(seen, family.quirks.deletesUnseen === undefined);
      const left = await other.all("SELECT id FROM t ORDER BY id");
      assertEquals(left, seen ? [[3n]] : [[2n], [3n]]);
    } finally {
      await batch.close();
      await other.close();
    }
  }));

Deno.test("duckdb: a transaction in which something failed is not committed, though DuckDB would say OK", () =>
  withDuckFile(async (file) => {
    const session = await openSession({ path: file.path, bulk: "auto", threads: 1 });
    try {
      await session.run("CREATE TABLE t (id BIGINT PRIMARY KEY)");
      await session.begin();
      await session.run("INSERT INTO t VALUES (1)");
      await assertRejects(() => session.run("INSERT INTO t VALUES (1)"), Error, "UNIQUE");
      await assertRejects(() => session.commit(), Error, "ABORTED");
      await session.rollback();
      assert(session.usable);
      assertEquals(await session.all("SELECT count(*) FROM t"), [[0n]]);
    } finally {
      await session.close();
    }
    await assertRejects(() => session.run("SELECT 1"), Error, "CLOSED");
  }));

Deno.test("duckdb: a URL names a file, relative to the working directory", () => {
  assertEquals(endpointOf(targetOf({ url: "duckdb:/a/b.duckdb" })), "duckdb:/a/b.duckdb");
  assertEquals(targetOf({ url: "duckdb:a b.duckdb" }).path, `${Deno.cwd()}/a b.duckdb`);
  const invalid = ["duckdb:", "duckdb::memory:", "duckdb://host/a", "duckdb:a?b=c", "duckdb:md:x"];
  for (const url of [...invalid, "other:a", "duckdb:a\0"]) {
    const error = assertThrows(() => targetOf({ url }), LoadError, "Setting url is not valid", url);
    assertEquals(error.code, "config_invalid");
    if (url !== "duckdb:") assert(!error.message.includes(url), error.message);
  }
});
