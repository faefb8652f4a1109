/** A lane of a load: order, retries, fresh connections, and batches that are tried alone. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { KeepRejects, WriteResult } from "../../../src/model/backend.ts";
import type { Batch, RejectedRow, Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Failure, FailureKind } from "../../../src/model/failure.ts";
import { realWorld } from "../../../src/model/world.ts";
import type {
  BatchGroups,
  BatchOrder,
  Connection,
  PreparedBatch,
} from "../../../host/drivers/driver.ts";
import { LaneGate } from "../../../host/batch_order/lane_gate.ts";
import { RETRIES_MAX } from "../../../host/connections/attempts.ts";
import type { LaneShape } from "../../../host/batch_order/lane_job.ts";
import { LoadLane } from "../../../host/batch_order/load_lane.ts";

const SHAPE = { table: { name: "t" }, columns: [], mode: "append" } as Shape;
const COUNTS = { read: 1, committed: 1, superseded: 0, rejected: 0 };
const WRITTEN: WriteResult = {
  kind: "written",
  counts: COUNTS,
  contentHash: "",
  milliseconds: 0,
};

function failed(kind: FailureKind, code = "X"): Failure {
  return { kind, code, message: `${kind} ${code}` };
}

function retry(kind: FailureKind, more: { alone?: boolean } = {}): WriteResult {
  return { kind: "retry", failure: failed(kind), afterMs: 0, ...more };
}

/** What a connection does with one batch: a result, or the loss of the connection. */
type Act = WriteResult | "lost";

/** A connection as a lane has it: one batch at a time, and the next one made ready beside it. */
class FakeConnection {
  usable = true;
  readonly written: number[];
  /** What is done with batches, word by word. */
  readonly done: string[];
  readonly #acts: Act[];
  readonly #onWrite: Setup["onWrite"];
  #writing = false;
  /** Batches that are with it. */
  readonly #held: Batch[] = [];

  constructor({ acts = [], written = [], done = [], onWrite }: Setup) {
    this.#acts = acts;
    this.#onWrite = onWrite;
    this.written = written;
    this.done = done;
  }

  prepareBatch(batch: Batch, order: BatchOrder): PreparedBatch {
    this.done.push(`ready ${batch.sequence}`);
    if (batch.sequence === NEVER_READY) throw new LoadError("no memory", NO_MEMORY);
    this.#held.push(batch);
    assert(this.#held.length <= 2, "one is written, and one is ready");
    // What was handed over is not the sender's any more.
    const bytes = batch.bytes.slice();
    batch.bytes.buffer.transfer(0);
    const back = () => {
      this.#held.splice(this.#held.indexOf(batch), 1);
      return { ...batch, bytes };
    };
    return {
      write: async (keep) => {
        assert(!this.#writing, "one batch is written at a time");
        assertEquals(bytes.length, 1, "a batch is whole when it is sent again");
        this.#writing = true;
        this.done.push(`write ${batch.sequence}`);
        await this.#onWrite?.(order, keep);
        await new Promise((resolve) => setTimeout(resolve, 1));
        this.#writing = false;
        const act = this.#acts.shift() ?? WRITTEN;
        if (act === "lost") this.usable = false;
        const result = act === "lost" ? retry("connection") : act;
        if (result.kind === "written") this.written.push(batch.sequence);
        return { result, batch: back() };
      },
      takeBack: () => {
        this.done.push(`back ${batch.sequence}`);
        return Promise.resolve(back());
      },
    };
  }
}

/** No connection can make this one ready. */
const NEVER_READY = 99;
const NO_MEMORY = { code: "resource_exhausted", blame: "host" } as const;

interface Setup {
  readonly acts?: Act[];
  /** Is told of each batch, and how it is to be written. */
  readonly onWrite?: (order: BatchOrder, keep: KeepRejects) => Promise<void>;
  readonly gate?: LaneGate;
  readonly written?: number[];
  readonly done?: string[];
  readonly reopen?: () => void;
  readonly signal?: AbortSignal;
  readonly rejoin?: () => Promise<LaneShape | undefined>;
  readonly group?: (batch: Batch) => Promise<BatchGroups>;
}

function lane(setup: Setup = {}) {
  const { gate = new LaneGate(), written = [], done = [] } = setup;
  const acts = [...setup.acts ?? []];
  let opened = 0;
  const leaseOf = () => {
    const connection = new FakeConnection({
      ...setup,
      acts,
      written,
      done,
    }) as unknown as Connection;
    return { connection, release: () => Promise.resolve() };
  };
  const made = new LoadLane({
    lease: leaseOf(),
    shape: { shape: SHAPE, optional: [] },
    reopen: () => {
      setup.reopen?.();
      opened++;
      return Promise.resolve(leaseOf());
    },
    rejoin: setup.rejoin ?? (() => Promise.resolve(undefined)),
    group: setup.group ?? (() => Promise.reject(new Error("Nothing is to be gathered"))),
    classify: () => Promise.resolve("unknown"),
    gate,
    world: { ...realWorld, sleep: (_ms, signal) => realWorld.sleep(0, signal) },
    breaker: {
      run: (work) => work(),
      failed: () => Promise.resolve(),
      succeeded: () => Promise.resolve(),
    },
    ...(setup.signal ? { signal: setup.signal } : {}),
  });
  const write = (sequence: number) =>
    made.write(
      { sequence, bytes: new Uint8Array(1), offsets: new Uint32Array(2) } as Batch,
      { rejectsMax: 0, keep: () => Promise.resolve() },
    );
  return { made, write, written, done, acts, opened: () => opened };
}

Deno.test("lane writes batches in the order in which they came, also those that are tried again", async () => {
  const acts: Act[] = [retry("conflict"), WRITTEN, retry("timeout"), retry("conflict")];
  const { write, written } = lane({ acts });
  const results = await Promise.all([0, 1, 2, 3, 4].map(write));
  assertEquals(results.map(({ kind }) => kind), Array(5).fill("written"));
  assertEquals(written, [0, 1, 2, 3, 4]);
});

Deno.test("lane goes on with another connection where this one is lost", async () => {
  const { write, written, opened } = lane({ acts: [WRITTEN, "lost", WRITTEN, "lost"] });
  await Promise.all([0, 1, 2].map(write));
  assertEquals([written, opened()], [[0, 1, 2], 2]);
});

Deno.test("lane says of each attempt whether one before it has handed over rejects", async () => {
  const seen: (boolean | undefined)[] = [];
  const acts = [retry("conflict"), WRITTEN, retry("conflict"), retry("conflict")];
  const { write } = lane({
    acts,
    onWrite: async ({ kept }, keep) => {
      seen.push(kept);
      // The second batch hands over nothing at first, and one row at its second attempt.
      const rows = [1, 4].includes(seen.length) ? [{} as RejectedRow] : [];
      await keep(0, rows);
    },
  });
  for (const sequence of [0, 1]) await write(sequence);
  assertEquals(seen, [false, true, false, false, true]);
});

Deno.test("lane gives up after so many attempts, and begins nothing behind", async () => {
  const failures = Array.from({ length: 2 * RETRIES_MAX }, () => retry("conflict"));
  const { write, written, acts } = lane({ acts: failures });
  const [first, second] = await Promise.all([0, 1].map(write));
  assert(first?.kind === "retry" && first.failure.kind === "conflict");
  assert(second?.kind === "retry" && second.failure.code === "NOT_BEGUN");
  assertEquals(acts.length, RETRIES_MAX - 1);
  const third = await write(2);
  assert(third.kind === "retry" && third.failure.code === "NOT_BEGUN");
  assertEquals(written, []);
});

Deno.test("lane writes nothing behind a batch that will not be written", async () => {
  const { write, written } = lane({ acts: [{ kind: "fatal", failure: failed("resource") }] });
  const results = await Promise.all([0, 1, 2].map(write));
  assertEquals(results.map(({ kind }) => kind), ["fatal", "retry", "retry"]);
  assertEquals(written, []);
});

Deno.test("lane waits as long as connections are refused for a while, and stops at other errors", async () => {
  let refusals = 3;
  const passing = lane({
    acts: ["lost"],
    reopen: () => {
      if (refusals-- > 0) {
        throw new LoadError("refused", {
          code: "connection_failed",
          blame: "database",
          retry: true,
        });
      }
    },
  });
  assertEquals((await passing.write(0)).kind, "written");
  const failing = lane({
    acts: ["lost"],
    reopen: () => {
      throw new LoadError("password", { code: "authentication_failed", blame: "config" });
    },
  });
  await assertRejects(() => failing.write(0), LoadError, "password");
  const broken = lane({
    acts: ["lost"],
    reopen: () => {
      throw new TypeError("defect");
    },
  });
  await assertRejects(() => broken.write(0), TypeError, "defect");
});

Deno.test("lane does not wait any more once it is to stop", async () => {
  const stop = new AbortController();
  const { write } = lane({ acts: [retry("conflict")], signal: stop.signal });
  stop.abort();
  assertEquals((await write(0)).kind, "retry");
});

Deno.test("lane tries a batch alone once every batch before it is settled, and none behind it before", async () => {
  const gate = new LaneGate();
  const written: number[] = [];
  const first = lane({ acts: [retry("integrity", { alone: true })], gate, written });
  const second = lane({ acts: [retry("conflict"), retry("conflict")], gate, written });
  // Batch 1 misses what batch 0, in the other lane, brings in the end.
  const results = [second.write(0), first.write(1), second.write(2), first.write(3)];
  assertEquals((await Promise.all(results)).map(({ kind }) => kind), Array(4).fill("written"));
  assertEquals(written.slice(0, 2), [0, 1]);
});

Deno.test("two lanes whose batches are both to be tried alone come one after the other", async () => {
  const gate = new LaneGate();
  const written: number[] = [];
  const alone = () => retry("integrity", { alone: true });
  const [a, b] = [
    lane({ acts: [alone()], gate, written }),
    lane({ acts: [alone()], gate, written }),
  ];
  await Promise.all([a.write(4), b.write(5), a.write(6), b.write(7)]);
  assertEquals(written.slice(0, 2), [4, 5]);
});

Deno.test("lane gives its batches another shape where a column is gone, and fails where it is not", async () => {
  const gone: Act = { kind: "fatal", failure: failed("missing_column") };
  const narrow = { ...SHAPE, columns: [] } as Shape;
  const mended = lane({
    acts: [gone],
    rejoin: () => Promise.resolve({ shape: narrow, optional: [] }),
  });
  assertEquals((await Promise.all([0, 1].map(mended.write))).map(({ kind }) => kind), [
    "written",
    "written",
  ]);
  const same = lane({ acts: [gone] });
  assertEquals((await same.write(0)).kind, "fatal");
});

Deno.test("lane gathers rows once more where their shape has changed", async () => {
  const narrow = { ...SHAPE, columns: [] } as Shape;
  const shapes: Shape[] = [];
  const { write } = lane({
    acts: [
      { ...retry("unknown"), varies: true } as WriteResult,
      { kind: "fatal", failure: failed("missing_column") },
    ],
    rejoin: () => Promise.resolve({ shape: narrow, optional: [] }),
    group: ({ shape }) => {
      shapes.push(shape);
      const planned = { shape, plan: {} as never };
      return Promise.resolve({ groups: [planned, planned], widest: planned });
    },
  });
  assertEquals((await write(0)).kind, "written");
  assertEquals(shapes.map((shape) => shape === narrow), [false, true]);
});

Deno.test("lane makes one batch ready while the one before it is written, and no more", async () => {
  const { write, done } = lane();
  await Promise.all([0, 1, 2].map(write));
  assertEquals(done, ["ready 0", "write 0", "ready 1", "write 1", "ready 2", "write 2"]);
});

Deno.test("lane makes a batch ready that comes while another one is written", async () => {
  const late = Promise.withResolvers<void>();
  const { write, done } = lane({ onWrite: () => late.promise });
  const first = write(0);
  await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals(done, ["ready 0", "write 0"]);
  const second = write(1);
  assertEquals(done, ["ready 0", "write 0", "ready 1"]);
  late.resolve();
  await Promise.all([first, second]);
});

Deno.test("lane takes back what it made ready behind a batch that is not written", async () => {
  const { write, done } = lane({ acts: [retry("conflict")] });
  await Promise.all([0, 1].map(write));
  const again = ["ready 0", "write 0", "ready 1"];
  assertEquals(done, [...again, "back 1", ...again, "write 1"]);
});

Deno.test("lane that ends leaves no batch with its connection", async () => {
  const { write, done } = lane({ acts: [{ kind: "fatal", failure: failed("resource") }] });
  await Promise.all([0, 1].map(write));
  assertEquals(done, ["ready 0", "write 0", "ready 1", "back 1"]);
});

Deno.test("lane ends with a batch that cannot be made ready, once those before it are in", async () => {
  const { write, written } = lane();
  const results = [0, 1, NEVER_READY, 3].map(write);
  assertEquals((await Promise.all(results.slice(0, 2))).map(({ kind }) => kind), [
    "written",
    "written",
  ]);
  for (const result of results.slice(2)) await assertRejects(() => result, LoadError, "no memory");
  assertEquals(written, [0, 1]);
});

Deno.test("batches are tried alone in the order in which they were given, whatever their numbers", async () => {
  const gate = new LaneGate();
  const written: number[] = [];
  const first = lane({ acts: [retry("integrity", { alone: true })], gate, written });
  const second = lane({ acts: [retry("conflict")], gate, written });
  // What a load that goes on finds missing may have any numbers that are free.
  const results = [second.write(7), first.write(6), first.write(3), second.write(2)];
  assertEquals((await Promise.all(results)).map(({ kind }) => kind), Array(4).fill("written"));
  assertEquals(written.slice(0, 2), [7, 6]);
});
