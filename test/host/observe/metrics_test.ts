import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { LoadError, ndjson, prometheusText, rows } from "../../../mod.ts";
import { openHost, TARGET_KINDS, withFolder } from "../../support/target.ts";
import { testWhere } from "../../support/test_where.ts";

const PROMTOOL = Deno.env.get("PROMTOOL") ?? "promtool";

function missingPromtool(): string | undefined {
  try {
    new Deno.Command(PROMTOOL, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync();
    return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no promtool (Debian: prometheus)";
    throw error;
  }
}

/** A value of the text. */
function valueOf(text: string, start: string): number {
  const line = text.split("\n").find((line) => line.startsWith(start));
  return Number(line?.split(" ").at(-1));
}

for (const kind of TARGET_KINDS) {
  Deno.test(`metrics, ${kind.name}: what a load has committed is counted, and nothing that was in before`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      await withFolder(async (folder) => {
        const file = join(folder, "a.ndjson");
        const text = Array.from({ length: 30 }, (_, i) => `{"id":${i},"name":"x"}\n`).join("");
        await Deno.writeTextFile(file, text);
        const options = { table: "counted", batchRowsMax: 10 };
        await host.load(ndjson(file), backend, options);
        const first = prometheusText(host.metrics);
        const labels = `{backend="${target.type}",table="counted"`;
        assertEquals(valueOf(first, `snakepipe_rows_total${labels},outcome="committed"}`), 30);
        assertEquals(valueOf(first, `snakepipe_batches_total${labels},outcome="written"}`), 3);
        assertEquals(valueOf(first, `snakepipe_bytes_total${labels}}`), text.length);
        assertEquals(valueOf(first, `snakepipe_batch_duration_seconds_count${labels}}`), 3);
        await host.load(ndjson(file), backend, options);
        const second = prometheusText(host.metrics);
        assertEquals(valueOf(second, `snakepipe_rows_total${labels},outcome="committed"}`), 30);
        assertEquals(valueOf(second, `snakepipe_loads_total${labels},state="complete"}`), 2);
        const ledger = `snakepipe_ledger_rows${labels}`;
        const line = second.split("\n").find((line) =>
          line.startsWith(ledger) && line.includes('outcome="committed"')
        );
        assertEquals(line?.split(" ").at(-1), "30");
        assertEquals(valueOf(second, "snakepipe_loads_running"), 0);
        assertStringIncludes(second, `snakepipe_breaker_state{backend="${target.type}",endpoint="`);
        await Deno.writeTextFile(file, `${text}{"id":"no number"}\n`);
        const error = await host.load(ndjson(file), backend, options).catch((error) => error);
        assertEquals(error instanceof LoadError, true);
        const third = prometheusText(host.metrics);
        assertEquals(valueOf(third, `snakepipe_rows_total${labels},outcome="committed"}`), 30);
        assertEquals(valueOf(third, `snakepipe_loads_total${labels},state="failed"}`), 1);
        assertEquals(valueOf(third, "snakepipe_loads_running"), 0);
      });
    }));
}

testWhere(missingPromtool(), "metrics are a text that promtool takes without a word", async () => {
  const [kind] = TARGET_KINDS;
  await kind!.use(async (target) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    for (const table of ["t", '"quo""te"', "back\\slash", '"\u202e☃"']) {
      await host.load(rows([{ id: 1 }]), backend, { table });
    }
    const child = new Deno.Command(PROMTOOL, {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(prometheusText(host.metrics)));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals([code, said], [0, ""]);
  });
});
