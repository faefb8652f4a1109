import { assert, assertEquals } from "@std/assert";
import { TARGET_KINDS } from "../support/target.ts";
import { OtlpReceiver } from "../support/otlp_receiver.ts";
import { loadedModules, ofNode } from "./cli/loaded_modules.ts";
import { ProgramFolder, rowsText, toWords } from "./cli/program.ts";

const VALUE = "kept-to-ourselves";

for (const kind of TARGET_KINDS) {
  Deno.test(`telemetry, ${kind.name}: spans of a load, its plan, batches and COMMITs, and nothing of a row`, () =>
    kind.use(async (target) => {
      const line = (id: number) => `{"id":${id},"name":"${VALUE} ${id}"}\n`;
      await using program = await ProgramFolder.create({
        "a.ndjson": Array.from({ length: 25 }, (_, id) => line(id)).join(""),
      });
      await using receiver = new OtlpReceiver();
      const to = toWords(target.config);
      const args = ["load", "a.ndjson", ...to, "--table", "t", "--batch-rows", "10"];
      const { status, err } = await program.run(args, { env: receiver.env });
      assertEquals(status, 0, err);
      const named = (name: string) => receiver.spans.filter((span) => span.name === name);
      const [load, ...more] = named("load");
      assertEquals(more, []);
      assertEquals(load!.attributes["snakepipe.state"], "complete");
      assertEquals(load!.attributes["snakepipe.committed"], "25");
      const batches = named("batch");
      assertEquals(batches.map(({ parent }) => parent), [load!.id, load!.id, load!.id]);
      const rows = batches.map(({ attributes }) => Number(attributes["snakepipe.committed"]));
      assertEquals(rows.toSorted(), [10, 10, 5]);
      const commits = named("commit").map(({ parent }) => parent).toSorted();
      assertEquals(commits, batches.map(({ id }) => id).toSorted());
      assert(named("plan").some(({ parent }) => parent === load!.id), "a plan is below its load");
      assertEquals(receiver.sum("snakepipe.loads", { "snakepipe.state": "complete" }), 1);
      assertEquals(receiver.sum("snakepipe.batch.duration"), 3);
      const password = new URL(target.config.url).password;
      for (const text of receiver.texts) {
        assert(!text.includes(VALUE), "no value of a row");
        assert(password === "" || !text.includes(`:${password}@`), "no password");
      }
      const again = await program.run([...args, "--fresh", "--mode", "nonsense"], {
        env: receiver.env,
      });
      assertEquals(again.status, 2);
    }));
}

Deno.test("telemetry: a load that fails says by which code", async () => {
  const [kind] = TARGET_KINDS;
  await kind!.use(async (target) => {
    await using program = await ProgramFolder.create({ "a.ndjson": '{"id":1}\n{"id":\n' });
    await using receiver = new OtlpReceiver();
    const args = ["load", "a.ndjson", "--to", target.config.url, "--table", "t"];
    assertEquals((await program.run(args, { env: receiver.env })).status, 3);
    const load = receiver.spans.find(({ name }) => name === "load");
    assertEquals(load?.status, 2);
    assertEquals(load?.attributes["error.type"], "rows_rejected");
    assertEquals(load?.attributes["snakepipe.state"], "failed");
    assertEquals(receiver.sum("snakepipe.rows"), 0);
    assertEquals(receiver.sum("snakepipe.loads", { "snakepipe.state": "failed" }), 1);
  });
});

Deno.test("telemetry: where it is on, a program loads none of Node's modules for it", async () => {
  // The last one's driver needs none either.
  await TARGET_KINDS.at(-1)!.use(async (target) => {
    await using program = await ProgramFolder.create({ "a.ndjson": rowsText(10) });
    await using receiver = new OtlpReceiver();
    const args = ["load", "a.ndjson", "--to", target.config.url, "--table", "t", "--fresh"];
    assertEquals((await program.run(args)).status, 0);
    const off = await loadedModules(program, args);
    const on = await loadedModules(program, args, receiver.env);
    assertEquals([ofNode(on), ofNode(off)], [[], []]);
    assert(receiver.spans.some(({ name }) => name === "load"), "it was on");
    assert(!off.some((url) => url.includes("telemetry-")), "and nothing of it is loaded where not");
  });
});
