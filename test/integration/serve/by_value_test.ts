/** `snakepipe serve`: values of a load by a column's value that change while one of its targets runs. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { ServeFolder } from "./serve_program.ts";

/** Rows of the target that is slow: each is a transaction of its own. */
const ROWS = 400;

function config(values: Readonly<Record<string, string>>) {
  return {
    backends: {
      file: { type: "libsql", url: "libsql:file.db" },
      other: { type: "libsql", url: "libsql:other.db" },
    },
    loads: {
      split: {
        ...{ source: "a.csv", table: "split", watch: true, batchRows: 1 },
        to: { by: "tenant", values, else: "file" },
      },
    },
  };
}

for (const slow of ["other", "file"] as const) {
  const fast = slow === "other" ? "file" : "other";
  Deno.test(`serve: a row whose value goes elsewhere while its target runs is in one target: ${slow} runs`, async () => {
    await using folder = await ServeFolder.create(config({ many: slow, few: fast, moved: slow }));
    const many = Array.from({ length: ROWS }, (_, at) => `${at},many\n`).join("");
    await Deno.writeTextFile(
      folder.path("a.csv"),
      `id,tenant\n-2,few\n-1,many\n${many}9999,moved\n`,
    );
    await using serve = folder.serve();
    await serve.until(`split to ${fast}`, "complete");
    await eventually("the other one writes", async () => {
      const load = await serve.load(`split to ${slow}`);
      return load?.state === "complete" || (load?.progress?.rowsCommitted ?? 0) > 0;
    });
    await folder.configure(config({ many: slow, few: fast, moved: fast }));
    await serve.says(/The configuration was read again/);
    // What runs ends as it began; then its row is found there.
    const [has, lacks] = await Promise.all(
      [slow, fast].map((name) => serve.until(`split to ${name}`, "failed", 120_000)),
    );
    assertStringIncludes(has!.detail!, "The source has changed since it was loaded: a.csv");
    assertStringIncludes(lacks!.detail!, "Not begun, so that no row gets into two targets");
    const ids = (name: string) =>
      folder.query(`${name}.db`, "SELECT id FROM split WHERE id = 9999 OR id = -2").flat();
    assertEquals({ slow: ids(slow), fast: ids(fast) }, { slow: [9999], fast: [-2] });
    assertEquals(folder.query(`${slow}.db`, "SELECT count(*) FROM split"), [[ROWS + 2]]);
  });
}
