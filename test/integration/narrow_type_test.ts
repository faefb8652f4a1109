/** Declared types that change values without a word are noted, and others are not. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { csv, rows } from "../../mod.ts";
import { narrowNotes } from "../../host/drivers/sql/narrow_notes.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

const ROW = {
  id: 1,
  c: 1.555,
  m: 1.555,
  u: 1.5555,
  ts: "2020-01-01 00:00:00.6",
  ts6: "2020-01-01 00:00:00.6",
  v: "abc  ",
  t: "abc  ",
};

async function contents(target: Target): Promise<string[]> {
  const names = Object.keys(ROW).slice(1);
  const list = names.map((name) => `${target.textOf(name)} AS ${name}`).join(", ");
  const [row] = await target.query(`SELECT ${list} FROM t`);
  return names.map((name) => row![name]!.replaceAll(/ (?= *$)/g, "."));
}

for (const kind of TARGET_KINDS.filter(({ family }) => family.narrow)) {
  Deno.test(`narrow: ${kind.name}: what a declared type changes is noted once`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        const { ddl, notes, row } = kind.family.narrow!;
        await target.execute(ddl);
        await using host = await openHost();
        const backend = await host.createBackend(target.type, target.config);
        const path = join(folder, "t.csv");
        const cells = Object.values(ROW).join(",");
        await Deno.writeTextFile(path, `${Object.keys(ROW).join(",")}\n${cells}\n${cells}\n`);
        for (const mode of ["append", "replace"] as const) {
          const report = await host.load(csv(path), backend, { table: "t", mode });
          const told = report.notes.filter((note) => note.startsWith("The database "));
          assertEquals(told, notes);
          assertEquals(await contents(target), row);
        }
        // What a load does not write to is none of its notes.
        const { notes: none } = await host.load(rows([{ id: 2, u: "1.5" }]), backend, {
          table: "t",
          mode: "append",
          schema: [
            { name: "id", type: "int32", nullable: true, key: false },
            { name: "u", type: "decimal", nullable: true, key: false },
          ],
        });
        assertEquals(none.filter((note) => note.startsWith("The database ")), []);
      })
    ));
}

Deno.test("narrow: a note names a few columns and counts the others", () => {
  const columns = Array.from({ length: 7 }, (_, at) => ({
    ...{ name: `c${at}`, type: "float32" as const, nullable: true, hasDefault: false },
    ...{ generated: false, key: false, narrow: { declared: "real", what: "digits" as const } },
  }));
  assertEquals(narrowNotes({ columns, uniqueKeys: [] }, { columns }), [
    "The database rounds numbers to what their columns are declared as: c0 real, c1 real, c2 real, " +
    "c3 real, c4 real, and 2 more",
  ]);
});
