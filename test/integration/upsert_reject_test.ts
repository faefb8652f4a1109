/** Upserts that are sent in parts, because the database refuses rows of them, on both databases. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ndjson } from "../../mod.ts";
import { openHost, TARGET_KINDS, withFolder } from "../support/target.ts";

/** Every key stands three times, far from each other; the last row of two of them is refused. */
const ROWS = Array.from(
  { length: 300 },
  (_, i) => ({ id: i % 100, n: [210, 260].includes(i) ? -1 : i }),
);

for (const kind of TARGET_KINDS) {
  Deno.test(`upsert: ${kind.name}: a key counts once, in however many parts its batch is sent`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        const integer = target.sql.integer;
        await target.execute(
          `CREATE TABLE t (id ${integer} PRIMARY KEY, n ${integer} CHECK (n >= 0))`,
        );
        const file = join(folder, "rows.ndjson");
        await Deno.writeTextFile(file, ROWS.map((row) => JSON.stringify(row) + "\n").join(""));
        await using host = await openHost();
        const backend = await host.createBackend(target.type, target.config);
        const { read, committed, superseded, rejected } = await host.load(ndjson(file), backend, {
          table: "t",
          mode: "upsert",
          key: ["id"],
          maxRejects: { kind: "count", rowsMax: 2 },
          rejects: join(folder, "rejects.ndjson"),
        });
        assertEquals([read, committed, superseded, rejected], [300, 100, 198, 2]);
        const sums = await target.query("SELECT count(*) AS counted, sum(n) AS n FROM t");
        // The last of each key wins; of two keys that is the one before the refused one.
        const sum = 100 * 200 + 4_950 - 200;
        assertEquals([Number(sums[0]!.counted), Number(sums[0]!.n)], [100, sum]);
      })
    ));
}
