import { assert, assertEquals, assertRejects } from "@std/assert";
import type {
  BackendLoad,
  LedgerBatch,
  LoadTotals,
  WriteResult,
} from "../../../src/model/backend.ts";
import type { Batch, Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { RawBatch } from "../../../src/batching/batcher.ts";
import { type BatchStream, type LoadJob, runLoad } from "../../../src/load/loader.ts";
import { NO_REJECTS } from "../../../src/load/reject_budget.ts";
import { LoadStoppedError } from "../../../src/load/report.ts";
import { ManualWorld } from "../../support/manual_world.ts";

const SHAPE: Shape = {
  table: { name: "t" },
  columns: [{ name: "a", type: "int64", nullable: true, key: false }],
  mode: "append",
};

/** Batches of ten rows each, made as they are asked for. */
class Stream implements BatchStream {
  asked = 0;
  restarted: { rowsMax: number; bytesMax: number } | undefined;
  readonly bytesRead = 0;
  readonly opened: ReadonlySet<string> = new Set(["p"]);
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  next(): Promise<RawBatch | undefined> {
    if (this.asked >= this.#count) return Promise.resolve(undefined);
    const sequence = this.asked++;
    return Promise.resolve({
      format: { kind: "ndjson" },
      bytes: new Uint8Array(10),
      offsets: new Uint32Array(11),
      sequence,
      ordinal: sequence * 10,
      part: "p",
      byteOffset: sequence * 10,
      line: 1,
    });
  }

  restart(_first: RawBatch, { rowsMax, bytesMax }: { rowsMax: number; bytesMax: number }): void {
    this.restarted = { rowsMax, bytesMax };
    this.asked = 0;
  }
}

/** A load that answers each batch as it is told, and remembers what it was asked. */
class Load implements BackendLoad {
  readonly id = "load";
  readonly generation = 1;
  readonly batches: readonly LedgerBatch[] = [];
  readonly complete: boolean = false;
  readonly planHash = "hash";
  readonly batchRowsMax: number = 100;
  readonly batchBytesMax = 1_000;
  readonly lanes: number;
  readonly #answer: (sequence: number) => Promise<WriteResult>;
  readonly written: number[] = [];
  inFlight = 0;
  inFlightMax = 0;
  finished: LoadTotals | undefined;
  abandoned = 0;

  constructor(answer: (sequence: number) => Promise<WriteResult>, lanes = 1) {
    this.#answer = answer;
    this.lanes = lanes;
  }

  async write(batch: Batch): Promise<WriteResult> {
    this.written.push(batch.sequence);
    this.inFlightMax = Math.max(this.inFlightMax, ++this.inFlight);
    try {
      return await this.#answer(batch.sequence);
    } finally {
      this.inFlight--;
    }
  }

  finish(totals: LoadTotals): Promise<void> {
    this.finished = totals;
    return Promise.resolve();
  }

  abandon(): Promise<void> {
    assertEquals(this.inFlight, 0, "nothing is in flight when a load is abandoned");
    this.abandoned++;
    return Promise.resolve();
  }
}

function written(committed = 10): WriteResult {
  return {
    kind: "written",
    counts: { read: 10, committed, superseded: 0, rejected: 0 },
    contentHash: "",
    milliseconds: 0,
  };
}

function job(batches: BatchStream, load: BackendLoad, change: Partial<LoadJob> = {}): LoadJob {
  return {
    batches,
    bytesTotal: () => undefined,
    readColumns: () => Promise.resolve(true),
    unreadable: () => [],
    shapeOf: () => Promise.resolve({ shape: SHAPE }),
    open: () => Promise.resolve(load),
    batchRowsMax: 100,
    batchBytesMax: 1_000,
    rejectLimit: NO_REJECTS,
    hash: () => ({ hex: "", marks: new Uint8Array() }),
    about: { source: "s", backend: "b", table: "t", mode: "append" },
    world: new ManualWorld(),
    ...change,
  };
}

async function later<T>(value: T): Promise<T> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  return value;
}

for (const lanes of [1, 3]) {
  Deno.test(`loader keeps at most two batches in flight for each lane, of ${lanes}`, async () => {
    const load = new Load(() => later(written()), lanes);
    const report = await runLoad(job(new Stream(20), load));
    assertEquals([report.state, report.committed, report.batches], ["complete", 200, 20]);
    assertEquals(load.inFlightMax, 2 * lanes);
    const all = { read: 200, committed: 200, superseded: 0, rejected: 0 };
    assertEquals(load.finished, { ...all, ofThisRun: all });
  });
}

Deno.test("loader counts a batch that is in already as its own only where this run wrote it", async () => {
  const marks = [{ alreadyIn: true }, { alreadyIn: true, ofThisRun: true }, {}];
  const load = new Load((sequence) => later({ ...written(), ...marks[sequence] } as WriteResult));
  const report = await runLoad(job(new Stream(3), load));
  assertEquals([report.committed, report.skipped, report.batches], [20, 10, 2]);
  const counts = (rows: number) => ({ read: rows, committed: rows, superseded: 0, rejected: 0 });
  assertEquals(load.finished, { ...counts(30), ofThisRun: counts(20) });
});

Deno.test("loader adds up rows that were repaired, and says by which rule", async () => {
  const repaired = [3, undefined, 4];
  const load = new Load((sequence) => {
    const count = repaired[sequence];
    return later(
      { ...written(), ...(count === undefined ? {} : { repaired: count }) } as WriteResult,
    );
  });
  const about = { source: "s", backend: "b", table: "t", mode: "append", nul: "strip" } as const;
  const report = await runLoad(job(new Stream(3), load, { about }));
  assertEquals([report.repaired, report.committed, report.nul], [7, 30, "strip"]);
});

const FAILURES: readonly (readonly [string, WriteResult, string])[] = [
  ["rejects", {
    kind: "reject",
    rows: [{ ordinal: 20, part: "p", line: 3, code: "type", message: "No" }],
  }, "rows_rejected"],
  ["retry", {
    kind: "retry",
    afterMs: 5,
    failure: { kind: "conflict", code: "40P01", message: "Deadlock" },
  }, "conflict"],
  [
    "split",
    { kind: "split", failure: { kind: "resource", code: "413", message: "Too large" } },
    "resource_exhausted",
  ],
  ["fatal", {
    kind: "fatal",
    failure: { kind: "privilege", code: "42501", message: "No privilege" },
  }, "privilege_missing"],
  [
    "an unknown commit",
    {
      kind: "retry",
      afterMs: 5,
      failure: { kind: "connection", code: "ECONNRESET", message: "Lost", commitUnknown: true },
    },
    "commit_unknown",
  ],
];
for (const [what, result, code] of FAILURES) {
  Deno.test(`loader stops at ${what}: nothing further is begun, what is in flight is waited for`, async () => {
    const load = new Load((sequence) => later(sequence === 2 ? result : written()), 2);
    const error: LoadStoppedError = await assertRejects(
      () => runLoad(job(new Stream(100), load)),
      LoadStoppedError,
    );
    assertEquals([error.code, error.report.state], [code, "failed"]);
    assert(load.written.length <= 6, `${load.written}`);
    assertEquals([load.abandoned, load.finished], [1, undefined]);
    assertEquals(error.report.committed, (load.written.length - 1) * 10);
  });
}

Deno.test("loader fails a load in which a row is in no count", async () => {
  const load = new Load((sequence) => later(written(sequence === 1 ? 9 : 10)));
  const error: LoadStoppedError = await assertRejects(
    () => runLoad(job(new Stream(3), load)),
    LoadStoppedError,
  );
  assertEquals([error.code, load.finished, load.abandoned], ["counts_differ", undefined, 1]);
});

Deno.test("loader begins again with the batch sizes of the plan, if they are smaller", async () => {
  const stream = new Stream(3);
  const load = new (class extends Load {
    override readonly batchRowsMax = 10;
  })(() => later(written()));
  const report = await runLoad(job(stream, load));
  assertEquals([stream.restarted, report.batches], [{ rowsMax: 10, bytesMax: 1_000 }, 3]);
});

Deno.test("loader reports a load that was cancelled, with what was committed", async () => {
  const stop = new AbortController();
  const load = new Load((sequence) => {
    if (sequence === 4) stop.abort();
    return later(written());
  });
  const error: LoadStoppedError = await assertRejects(
    () => runLoad(job(new Stream(1_000), load, { signal: stop.signal })),
    LoadStoppedError,
  );
  assertEquals([error.code, error.report.state], ["cancelled", "cancelled"]);
  assertEquals(error.report.committed, load.written.length * 10);
  assert(load.written.length <= 7);
});

Deno.test("loader takes what is no LoadError as a bug, and still abandons", async () => {
  const load = new Load(() => Promise.reject(new TypeError("x is undefined")));
  const error: LoadStoppedError = await assertRejects(
    () => runLoad(job(new Stream(3), load)),
    LoadStoppedError,
  );
  assertEquals([error.code, load.abandoned], ["bug", 1]);
});

Deno.test("loader reports a load that never opened", async () => {
  const failing = job(new Stream(3), new Load(() => later(written())), {
    open: () =>
      Promise.reject(new LoadError("No table", { code: "table_missing", blame: "config" })),
  });
  const error: LoadStoppedError = await assertRejects(() => runLoad(failing), LoadStoppedError);
  assertEquals([error.code, error.report.load, error.report.read], ["table_missing", undefined, 0]);
});

Deno.test("loader asks for the marks of a changed batch once nothing is in flight any more", async () => {
  const asked: number[] = [];
  class GoingOn extends Load {
    override readonly batches = [{
      sequence: 0,
      part: "p",
      byteOffset: 20,
      byteEnd: 30,
      contentHash: "as it was",
      counts: { read: 10, committed: 10, superseded: 0, rejected: 0 },
    }];
    marksOf(): Promise<undefined> {
      asked.push(this.inFlight);
      return Promise.resolve(undefined);
    }
  }
  const load = new GoingOn(() => later(written()), 2);
  const error = await assertRejects(() => runLoad(job(new Stream(4), load)), LoadStoppedError);
  assertEquals(error.code, "source_changed");
  assertEquals([asked, load.written.length], [[0], 2]);
});
