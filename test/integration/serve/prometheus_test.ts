/** A real Prometheus scrapes `/metrics` of a real `serve`, and its sums are those of the ledger. */
import { assert, assertEquals } from "@std/assert";
import { freePort } from "../../support/free_port.ts";
import { missingPrometheus, PrometheusServer } from "../../support/prometheus_server.ts";
import { type Target, TARGET_KINDS } from "../../support/target.ts";
import { testWhere } from "../../support/test_where.ts";
import { rowsFrom, ServeFolder } from "./serve_program.ts";

/** What the ledger has of all loads: rows, batches, rows that were left out. */
async function ledgerOf({ query, sql }: Target) {
  const figures = ["coalesce(sum(committed), 0)", "count(*)", "coalesce(sum(rejected), 0)"];
  const [row] = await query(
    `SELECT ${figures.map((figure, i) => `${sql.textOf(figure)} AS f${i}`).join(", ")} ` +
      "FROM _snakepipe_batch",
  );
  const [committed, batches, rejected] = [0, 1, 2].map((i) => Number(row![`f${i}`]));
  return { committed: committed!, batches: batches!, rejected: rejected! };
}

testWhere(
  missingPrometheus(),
  "Prometheus scrapes what serve has committed, before a kill and after it",
  () =>
    // The last one is a server, whose ledger can be read meanwhile.
    TARGET_KINDS.at(-1)!.use(async (target) => {
      const port = freePort();
      await using folder = await ServeFolder.create({
        backends: { db: { type: target.type, ...target.config } },
        default: "db",
        loads: {
          whole: { source: "whole.ndjson", table: '"quo""te"', batchRows: 100 },
          holes: {
            ...{ source: "holes.ndjson", table: "holes", batchRows: 50 },
            ...{ maxRejects: 10, rejects: "rejects.ndjson" },
          },
        },
      });
      await Deno.writeTextFile(folder.path("whole.ndjson"), rowsFrom(0, 1_050));
      await Deno.writeTextFile(folder.path("holes.ndjson"), `${rowsFrom(0, 220)}{"id":\n`);
      await using prometheus = await PrometheusServer.start(`127.0.0.1:${port}`);
      const listen = ["--listen", `127.0.0.1:${port}`];
      const rows = (metric: string, outcome = "committed") =>
        `sum(${metric}{outcome="${outcome}"})`;
      {
        await using serve = folder.serve(...listen);
        for (const name of ["whole", "holes"]) await serve.run(name);
        for (const name of ["whole", "holes"]) await serve.until(name, "complete");
        const { committed, batches, rejected } = await ledgerOf(target);
        assertEquals([committed, rejected], [1_270, 1]);
        await prometheus.until(rows("snakepipe_ledger_rows"), committed);
        await prometheus.until(rows("snakepipe_ledger_rows", "rejected"), rejected);
        await prometheus.until(rows("snakepipe_rows_total"), committed);
        await prometheus.until(rows("snakepipe_rows_total", "rejected"), rejected);
        await prometheus.until('sum(snakepipe_batches_total{outcome="written"})', batches);
        await prometheus.until("sum(snakepipe_batch_duration_seconds_count)", batches);
        await prometheus.until('sum(snakepipe_loads_total{state="complete"})', 2);
        await prometheus.until("snakepipe_loads_running", 0);
        assertEquals(await prometheus.query('sum(snakepipe_rows_total{table="quo\\"te"})'), 1_050);
      }
      await prometheus.until("up", 0);
      await Deno.writeTextFile(folder.path("whole.ndjson"), rowsFrom(1_050, 300), { append: true });
      await using serve = folder.serve(...listen);
      await serve.run("whole");
      await serve.until("whole", "complete");
      const { committed } = await ledgerOf(target);
      assertEquals(committed, 1_570);
      // Rows of this program, and of the load since it began.
      await prometheus.until(rows("snakepipe_rows_total"), 300);
      await prometheus.until('snakepipe_ledger_rows{table="quo\\"te",outcome="committed"}', 1_350);
      // Nothing was ever more than what is in.
      const most = await prometheus.query(
        `max_over_time(${rows("snakepipe_ledger_rows")}[5m:200ms])`,
      );
      assert(most! <= committed, `${most} of ${committed}`);
      assertEquals((await serve.stop()).code, 0, serve.log);
    }),
);
