/** Which tables take an image's records as they are, and how long an image is there. */
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { WriteMode } from "../../../src/model/batch.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { declaredTable } from "../../../host/drivers/libsql/affinity.ts";
import { LIBSQL_WORDS } from "../../../host/drivers/libsql/names_and_types.ts";
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import {
  IMAGE_TABLE,
  type ImageSource,
  imageSource,
} from "../../../host/drivers/libsql/image_source.ts";
import type { Session } from "../../../host/drivers/libsql/session.ts";
import { slotNames } from "../../../host/drivers/sql/names.ts";
import { batchOf, fileTarget, planOf, Scratch, shapeOf } from "./load_case.ts";

await buildCodec();

/** A table, what is loaded into it, and what becomes of its records. */
interface Case {
  readonly table: string;
  readonly also?: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly mode?: WriteMode;
  /** Whether the image is declared like the table, and whether SQLite copies its records. */
  readonly is: "copied" | "alike" | "read" | "bound";
}

const PLAIN = { a: "int64", b: "text" };

const CASES: readonly Case[] = [
  { table: "t (a INTEGER, b TEXT)", columns: PLAIN, is: "copied" },
  { table: "t (A BIGINT, B VARCHAR(20))", columns: PLAIN, is: "copied" },
  { table: "t (a NUMERIC, b CLOB)", columns: { a: "int16", b: "json" }, is: "copied" },
  { table: "t (a REAL, b BLOB)", columns: { a: "float64", b: "bytes" }, is: "copied" },
  { table: "t (a INT, b TEXT) STRICT", columns: PLAIN, is: "copied" },
  { table: "t (a INT NOT NULL, b TEXT)", columns: { ...PLAIN, a: "int64 required" }, is: "copied" },
  // What SQLite itself does not copy.
  { table: "t (a INT, b TEXT)", also: "CREATE INDEX i ON t (a)", columns: PLAIN, is: "alike" },
  {
    table: "t (a INT, b TEXT)",
    also: "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
    columns: PLAIN,
    is: "alike",
  },
  { table: "t (a INT CHECK (a > 0), b TEXT)", columns: PLAIN, is: "alike" },
  { table: "t (a INTEGER PRIMARY KEY, b TEXT)", columns: PLAIN, is: "alike" },
  { table: "t (a INT PRIMARY KEY, b TEXT) WITHOUT ROWID", columns: PLAIN, is: "read" },
  // What it would copy unseen.
  { table: "t (a INT NOT NULL, b TEXT)", columns: PLAIN, is: "read" },
  { table: "t (a TEXT, b TEXT)", columns: PLAIN, is: "read" },
  { table: "t (a REAL, b TEXT)", columns: PLAIN, is: "read" },
  { table: "t (a, b TEXT)", columns: PLAIN, is: "read" },
  { table: "t (a INT, b BLOB)", columns: PLAIN, is: "read" },
  { table: "t (a NUMERIC, b TEXT)", columns: { ...PLAIN, a: "float64" }, is: "read" },
  { table: "t (a INT, b TEXT)", columns: { ...PLAIN, b: "bytes" }, is: "read" },
  { table: "t (a ANY, b TEXT) STRICT", columns: PLAIN, is: "read" },
  // Columns that are not the table's.
  { table: "t (b TEXT, a INT)", columns: PLAIN, is: "read" },
  { table: "t (a INT, b TEXT, c TEXT)", columns: PLAIN, is: "read" },
  { table: "t (a INT, b TEXT, c AS (a + 1))", columns: PLAIN, is: "read" },
  {
    table: "t (a INTEGER PRIMARY KEY, b TEXT)",
    columns: { ...PLAIN, a: "int64 key" },
    mode: "upsert",
    is: "read",
  },
  { table: "t (a INT, b TEXT)", also: "PRAGMA encoding = 'UTF-16le'", columns: PLAIN, is: "bound" },
];

async function sourceOf(
  session: Session,
  { columns, mode = "append" }: Case,
): Promise<ImageSource | undefined> {
  const shape = shapeOf(mode, { ...columns });
  const names = slotNames(LIBSQL_WORDS, shape, { schema: undefined, loadId: "" });
  const table = await declaredTable(session, { schema: "main", name: "t" });
  return await imageSource(session, { shape, write: planOf(shape).write, names, table });
}

/** Opens the image of two rows in a transaction. */
async function attach(session: Session, source: ImageSource, each: Case): Promise<void> {
  const codec = await createWasmCodec();
  const batch = batchOf(shapeOf(each.mode ?? "append", { ...each.columns }), [{ a: 1 }, { a: 2 }]);
  const image = codec.image!(batch, {
    rules: { nul: "keep", nan: false },
    table: IMAGE_TABLE,
    sql: source.sql,
    wholeAsInteger: source.alike,
  })!;
  await session.begin();
  assert(await session.attachImage!(image.encode(0)!));
}

function isOpen(session: Session): Promise<unknown> {
  return session.probe("SELECT count(*) FROM pragma_database_list WHERE name LIKE '%image'");
}

for (const each of CASES) {
  const { table, also, is } = each;
  Deno.test(`images: ${table}${also ? `, ${also}` : ""}: ${is}`, async () => {
    await using scratch = new Scratch();
    {
      using database = new DatabaseSync(scratch.path());
      if (also?.startsWith("PRAGMA")) database.exec(also);
      database.exec(`CREATE TABLE ${table}`);
      if (also) database.exec(also);
    }
    const session = await openFile(fileTarget(scratch.path()));
    try {
      const source = await sourceOf(session, each);
      assertEquals(source === undefined, is === "bound");
      if (!source) return;
      assertEquals(source.alike, is === "copied" || is === "alike");
      await attach(session, source, each);
      const codes = (await session.all(`EXPLAIN ${source.insert}`)).map(([, code]) => code);
      // A copied record is no longer taken apart.
      assertEquals(codes.includes("RowData") && !codes.includes("MakeRecord"), is === "copied");
      await session.rollback();
    } finally {
      await session.close();
    }
  });
}

Deno.test("images are there till their transaction ends, and not in the next one", async () => {
  await using scratch = new Scratch();
  await scratch.exec("CREATE TABLE t (a INTEGER, b TEXT)");
  const session = await openFile(fileTarget(scratch.path()));
  const each = CASES[0]!;
  const source = (await sourceOf(session, each))!;
  for (const end of ["commit", "rollback", "commit"] as const) {
    assertEquals(await isOpen(session), 0n);
    await attach(session, source, each);
    assertEquals(await isOpen(session), 1n);
    assertEquals(await session.run(source.insert), 2);
    await session[end]();
  }
  assertEquals(await session.all("SELECT a, b FROM t"), [[1n, null], [2n, null], [1n, null], [
    2n,
    null,
  ]]);
  await session.close();
});

Deno.test("images are taken where everything is allowed, and nowhere else", async () => {
  await using scratch = new Scratch();
  const module = new URL("../../../host/drivers/libsql/file_session.ts", import.meta.url).href;
  const target = JSON.stringify(fileTarget(scratch.path()));
  const script = `${scratch.folder}/takes_images.ts`;
  await Deno.writeTextFile(
    script,
    `import { openFile } from ${JSON.stringify(module)};
     const session = await openFile(${target});
     console.log(session.takesImages);
     await session.close();`,
  );
  const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
  for (
    const [flags, takes] of [[["-A"], "true"], [
      ["--allow-read", "--allow-write"],
      "false",
    ]] as const
  ) {
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-prompt", "--config", config, ...flags, script],
    });
    const { stdout, stderr } = await command.output();
    const said = new TextDecoder().decode(stdout).trim();
    assertEquals(said, takes, new TextDecoder().decode(stderr));
  }
});
