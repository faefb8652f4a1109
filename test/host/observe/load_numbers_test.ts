import { assertEquals } from "@std/assert";
import { HostNumbers } from "../../../host/observe/load_numbers.ts";
import { MetricSet } from "../../../src/audit/metrics.ts";
import type { BackendLoad, WriteResult } from "../../../mod.ts";

type Written = Extract<WriteResult, { kind: "written" }>;

/** What is counted of batches of ten rows that came to this, after an earlier run with seven. */
function countedOf(results: readonly Partial<Written>[]): { rows: number; ledger: number } {
  const metrics = new MetricSet();
  const about = { backend: "b", table: "t", source: "s", mode: "append" } as const;
  const load = new HostNumbers(metrics).load(about);
  const counts = { read: 10, committed: 10, superseded: 0, rejected: 0 };
  const earlier = { ...counts, read: 7, committed: 7 };
  load.opened({ batches: [{ counts: earlier }] } as unknown as BackendLoad);
  for (const [sequence, result] of results.entries()) {
    load.batch({
      batch: { sequence, part: "s", byteOffset: sequence * 100 },
      rows: 10,
      bytes: 100,
      result: { kind: "written", counts, contentHash: "", milliseconds: 1, ...result },
    });
  }
  load.ended({ state: "complete" });
  load.ended({ state: "complete" });
  assertEquals(metrics.of("snakepipe.loads").map(({ value }) => value), [1]);
  assertEquals(metrics.of("snakepipe.loads.running").map(({ value }) => value), [0]);
  const valueOf = (name: "snakepipe.rows" | "snakepipe.ledger.rows") =>
    metrics.of(name).find(({ labels }) => labels.outcome === "committed")?.value ?? 0;
  return { rows: valueOf("snakepipe.rows"), ledger: valueOf("snakepipe.ledger.rows") };
}

Deno.test("numbers: a batch counts once its rows are in, and the ledger's rows have the earlier run's", () => {
  assertEquals(countedOf([]), { rows: 0, ledger: 7 });
  assertEquals(countedOf([{}, {}]), { rows: 20, ledger: 27 });
});

Deno.test("numbers: a batch whose COMMIT was not answered counts once, by the run that wrote it", () => {
  assertEquals(countedOf([{ alreadyIn: true, ofThisRun: true }]), { rows: 10, ledger: 17 });
  assertEquals(countedOf([{ alreadyIn: true }]), { rows: 0, ledger: 17 });
});

Deno.test("numbers: a range without a record counts nowhere", () => {
  const counts = { read: 0, committed: 0, superseded: 0, rejected: 0 };
  assertEquals(countedOf([{ counts }]), { rows: 0, ledger: 7 });
});
