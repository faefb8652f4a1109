/** U+0000, which SQLite keeps, unless it is told otherwise. */
import { writeOne } from "../../support/write_one.ts";
import { assertEquals } from "@std/assert";
import { batchOf, begin, ENGINES, expectKind, orderOf, Scratch, shapeOf } from "./load_case.ts";

const SHAPE = shapeOf("append", { name: "text", doc: "json" });
const RECORDS = ['{"name":"a\\u0000b","doc":["\\u0000"]}', '{"name":"c","doc":"\\\\u0000"}'];

for (const [engine, settings] of ENGINES) {
  Deno.test(`U+0000 is kept by default, and stripped or escaped where asked for (${engine})`, async () => {
    const stored = {
      keep: [["6100" + "62", '["\\u0000"]'], ["63", '"\\\\u0000"']],
      strip: [["6162", '[""]'], ["63", '"\\\\u0000"']],
      escape: [["615c753030303062", '["\\\\u0000"]'], ["63", '"\\\\u0000"']],
    };
    for (const nul of ["keep", "strip", "escape"] as const) {
      await using scratch = new Scratch();
      const connection = await scratch.connect(settings);
      await begin(connection, { ...orderOf(SHAPE), ...(nul === "keep" ? {} : { nul }) });
      const result = await writeOne(connection, batchOf(SHAPE, RECORDS));
      assertEquals(expectKind(result, "written").repaired, nul === "keep" ? undefined : 1);
      const rows = await scratch.query("SELECT lower(hex(CAST(name AS BLOB))), doc FROM t");
      assertEquals(rows, stored[nul], nul);
    }
  });

  Deno.test(`U+0000 rejects its row where that is asked for (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    await begin(connection, { ...orderOf(SHAPE), nul: "reject" });
    const { rows } = expectKind(await writeOne(connection, batchOf(SHAPE, RECORDS)), "reject");
    assertEquals(rows.map((row) => [row.ordinal, row.column, row.code]), [[0, "name", "encoding"]]);
  });

  Deno.test(`repaired rows are counted once, and not again where their batch is in already (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    await begin(connection, { ...orderOf(SHAPE), nul: "strip" });
    const records = Array.from({ length: 5_000 }, (_, i) => RECORDS[i % 2]);
    for (const [repaired, alreadyIn] of [[2_500, undefined], [undefined, true]] as const) {
      const result = expectKind(await writeOne(connection, batchOf(SHAPE, records)), "written");
      assertEquals([result.repaired, result.alreadyIn], [repaired, alreadyIn]);
    }
    assertEquals(await scratch.query("SELECT count(*) FROM t"), [[5_000n]]);
  });
}
