/** A type that was inferred changes no value behind the first batch, on both databases. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  type Column,
  csv,
  type Host,
  LoadError,
  type LoadOptions,
  ndjson,
  type Source,
} from "../../mod.ts";
import {
  kindOf,
  openHost,
  type Target,
  TARGET_KINDS,
  type TargetKind,
  withFolder,
} from "../support/target.ts";

/** Settings by which rows travel in each form that the family has. */
function formsOf({ family }: TargetKind): readonly Record<string, string>[] {
  return family.rowForms ?? [{}];
}

const FIRST = Array.from({ length: 50 }, (_, i) => `{"id":${i},"v":1.5}\n`).join("");

interface Loading {
  readonly target: Target;
  readonly host: Host;
  readonly folder: string;
  load(source: Source, options?: LoadOptions): Promise<number>;
  refused(source: Source, options?: LoadOptions): Promise<LoadError>;
  /** The column's values as text, in order. */
  values(): Promise<(string | null)[]>;
}

function withLoading(
  kind: TargetKind,
  settings: Record<string, string>,
  act: (loading: Loading) => Promise<void>,
): Promise<void> {
  return kind.use((target) =>
    withFolder(async (folder) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, { ...target.config, ...settings });
      const load = async (source: Source, options: LoadOptions = {}) =>
        (await host.load(source, backend, { table: "t", batchRowsMax: 50, ...options })).committed;
      const refused = (source: Source, options?: LoadOptions) =>
        assertRejects(() => load(source, options), LoadError);
      const values = async () =>
        (await target.query(`SELECT ${target.textOf("v")} AS v FROM t ORDER BY id`)).map(({ v }) =>
          v!
        );
      await act({ target, host, folder, load, refused, values });
    })
  );
}

for (const kind of TARGET_KINDS) {
  for (const settings of formsOf(kind)) {
    const name = [kind.name, ...Object.values(settings)].join(", ");

    Deno.test(`inferred: ${name}: digits behind the first batch are refused, at once and on every later run`, () =>
      withLoading(kind, settings, async ({ folder, load, refused, values }) => {
        const file = join(folder, "rows.ndjson");
        const late = ["9007199254740993", "0.12345678901234567890123", "1e400", '"2.5"'];
        const lines = late.map((value, i) => `{"id":${50 + i},"v":${value}}\n`).join("");
        await Deno.writeTextFile(file, FIRST + lines);
        for (let run = 0; run < 2; run++) {
          const { code, issues } = await refused(ndjson(file));
          assertEquals(code, "rows_rejected");
          assertEquals(issues.map(({ path }) => path.split(":").at(-1)), ["51", "52", "53", "54"]);
          for (const { message } of issues) {
            assertStringIncludes(message, "column v: ");
            assertStringIncludes(message, "float64, which was inferred from the first batch");
            assertStringIncludes(message, "--schema");
          }
        }
        // Another source meets the same column, and a load again does.
        const other = join(folder, "other.ndjson");
        await Deno.writeTextFile(other, lines);
        assertEquals((await refused(ndjson(other))).issues.length, 4);
        assertEquals((await refused(ndjson(file), { fresh: true })).issues.length, 4);
        await Deno.writeTextFile(other, `{"id":50,"v":0.30000000000000004}\n`);
        assertEquals(await load(ndjson(other)), 1);
        assertEquals(Number((await values()).at(-1)), 0.30000000000000004);
      }));

    Deno.test(`inferred: ${name}: rejects keep their digits, also when they are replayed as they are`, () =>
      withLoading(kind, settings, async ({ folder, load, host, target }) => {
        const file = join(folder, "rows.ndjson");
        const rejects = join(folder, "rejects.ndjson");
        await Deno.writeTextFile(file, FIRST + `{"id":50,"v":9007199254740993}\n{"id":51,"v":2}\n`);
        const options = { maxRejects: { kind: "count", rowsMax: 1 }, rejects } as const;
        assertEquals(await load(ndjson(file), options), 51);
        const line = JSON.parse(await Deno.readTextFile(rejects));
        assertEquals([line.code, line.column, line.line], ["range", "v", 51]);
        assertStringIncludes(await Deno.readTextFile(rejects), `"v":9007199254740993}`);
        const backend = await host.createBackend(target.type, { ...target.config, ...settings });
        const { committed, rejected } = await host.replayRejects(rejects, backend, { table: "t" });
        assertEquals([committed, rejected], [0, 1]);
        assertStringIncludes(await Deno.readTextFile(rejects), "9007199254740993");
      }));

    Deno.test(`inferred: ${name}: what the user declares rounds as the database does`, () =>
      withLoading(kind, settings, async ({ folder, load, refused, values, target }) => {
        const file = join(folder, "rows.ndjson");
        await Deno.writeTextFile(file, FIRST + `{"id":50,"v":9007199254740993}\n`);
        const columns = (type: Column["type"]): Column[] => [
          { name: "id", type: "int64", nullable: true, key: false },
          { name: "v", type, nullable: true, key: false },
        ];
        await refused(ndjson(file));
        // The schema comes too late: the table is there, and cannot keep what it says.
        assertEquals(
          (await refused(ndjson(file), { schema: columns("decimal") })).code,
          "rows_rejected",
        );
        assertEquals(await load(ndjson(file), { schema: columns("float64") }), 1);
        assertEquals(Number((await values()).at(-1)), 9007199254740992);
        await target.execute("DROP TABLE t");
        assertEquals(await load(ndjson(file), { schema: columns("decimal") }), 51);
        assertEquals((await values()).at(-1), "9007199254740993");
        await target.execute(
          `DROP TABLE t; CREATE TABLE t (id ${integerOf(target)}, v double precision)`,
        );
        assertEquals(await load(ndjson(file)), 51, "the table of somebody who wants doubles");
        assertEquals(Number((await values()).at(-1)), 9007199254740992);
      }));

    Deno.test(`inferred: ${name}: a table that is named otherwise keeps what was inferred`, () =>
      withLoading(kind, settings, async ({ folder, load, refused, target }) => {
        const [first, late] = [join(folder, "first.ndjson"), join(folder, "late.ndjson")];
        await Deno.writeTextFile(first, FIRST);
        await Deno.writeTextFile(late, `{"id":50,"v":9007199254740993}\n`);
        await load(ndjson(first));
        await target.execute("ALTER TABLE t RENAME TO u");
        for (let run = 0; run < 2; run++) {
          const { issues } = await refused(ndjson(late), { table: "u" });
          assertStringIncludes(issues[0]!.message, "float64, which was inferred");
        }
        // What has the old name now is another table.
        await target.execute(`CREATE TABLE t (id ${integerOf(target)}, v ${floatOf(target)})`);
        assertEquals(await load(ndjson(late)), 1);
        for (const sql of target.sql.rewrite("u")) await target.execute(sql);
        if (target.family.quirks.forgetsRewritten !== undefined) {
          return assertEquals(await load(ndjson(late), { table: "u", fresh: true }), 1);
        }
        assertEquals((await refused(ndjson(late), { table: "u" })).code, "rows_rejected");
      }));

    Deno.test(`inferred: ${name}: a table that was restored or moved keeps what was inferred`, () =>
      withLoading(kind, settings, async ({ folder, load, refused, target }) => {
        const [first, late] = [join(folder, "first.ndjson"), join(folder, "late.ndjson")];
        await Deno.writeTextFile(first, FIRST);
        await Deno.writeTextFile(late, `{"id":50,"v":9007199254740993}\n`);
        await target.execute("CREATE TABLE before_it (a int)");
        await load(ndjson(first));
        for (const [statements, table] of target.sql.moves) {
          await target.execute(statements);
          const { issues } = await refused(ndjson(late), { table });
          assertStringIncludes(issues[0]!.message, "float64, which was inferred");
        }
      }));

    Deno.test(`inferred: ${name}: of a table that was made again by hand, nothing was inferred`, () =>
      withLoading(kind, settings, async ({ folder, load, values, target }) => {
        const [first, late] = [join(folder, "first.ndjson"), join(folder, "late.ndjson")];
        await Deno.writeTextFile(first, FIRST);
        await Deno.writeTextFile(late, `{"id":50,"v":9007199254740993}\n`);
        await load(ndjson(first));
        await target.execute("DROP TABLE t");
        await target.execute(`CREATE TABLE t (id ${integerOf(target)}, v ${floatOf(target)})`);
        assertEquals(await load(ndjson(late)), 1);
        assertEquals(Number((await values()).at(-1)), 9007199254740992);
        assertEquals(await load(ndjson(late), { fresh: true }), 1);
      }));

    Deno.test(`inferred: ${name}: CSV behind the first batch keeps its spelling or is refused`, () =>
      withLoading(kind, settings, async ({ folder, refused }) => {
        const file = join(folder, "rows.csv");
        const first = Array.from({ length: 50 }, (_, i) => `${i},1.5,true,x\n`).join("");
        const late = ["50,9007199254740993,true,x", "51.0,1,true,x", "007,1,true,x", "52,1,t,x"];
        await Deno.writeTextFile(file, `id,v,b,s\n${first}${late.join("\n")}\n53,1.50,FALSE,1\n`);
        const { issues } = await refused(csv(file));
        assertEquals(
          issues.map(({ path, message }) => [path.split(":").at(-1), message.split(":")[0]]),
          [["52", "column v"], ["53", "column id"], ["54", "column id"], ["55", "column b"]],
        );
      }));
  }
}

/** The type of a column that a load infers as float64. */
function floatOf({ sql }: Target): string {
  return sql.types.float64;
}

function integerOf({ sql }: Target): string {
  return sql.integer;
}

Deno.test("inferred: postgresql: a column that was altered takes what it now can keep", () =>
  withLoading(kindOf("postgres"), {}, async ({ folder, load, refused, values, target }) => {
    const file = join(folder, "rows.ndjson");
    await Deno.writeTextFile(file, FIRST + `{"id":50,"v":0.12345678901234567890123}\n`);
    await refused(ndjson(file));
    await target.execute("ALTER TABLE t ALTER v TYPE numeric");
    // The table was rewritten by that, which looks as if it had been truncated.
    assertEquals(await load(ndjson(file), { sameTable: true }), 1);
    assertEquals((await values()).at(-1), "0.12345678901234567890123");
  }));
