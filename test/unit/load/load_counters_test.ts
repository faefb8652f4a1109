/** What is said of a load that goes on with an earlier one. */
import { assertEquals } from "@std/assert";
import { type CountedLoad, LoadCounters } from "../../../src/load/load_counters.ts";
import type { BackendLoad } from "../../../src/model/backend.ts";

const JOB = { world: { monotonic: () => 0 }, batches: { bytesRead: 0 } } as unknown as CountedLoad;
const COUNTS = { read: 3, committed: 2, superseded: 0, rejected: 1 };
const EARLIER = { batches: [{ counts: COUNTS }], complete: true } as unknown as BackendLoad;

Deno.test("a load that goes on does not say that rows are in which earlier runs have rejected", () => {
  const counters = new LoadCounters(JOB);
  counters.goOn(EARLIER);
  counters.skip(3, 1);
  assertEquals(counters.notes, [
    "The load was complete: the ledger has every row, 1 of them as rejected, and nothing was committed",
  ]);
  counters.add({ kind: "written", counts: COUNTS, contentHash: "", milliseconds: 1 });
  assertEquals(counters.notes, [
    "The load went on where it had stopped: the ledger has 3 rows, 1 of them as rejected",
  ]);
  const clean = new LoadCounters(JOB);
  clean.goOn(EARLIER);
  clean.skip(1, 0);
  assertEquals(clean.notes, [
    "The load was complete: the ledger has every row, and nothing was committed",
  ]);
});
