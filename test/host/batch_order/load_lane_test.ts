/** A lane of a load: order, retries, fresh connections, and batches that are tried alone. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { KeepRejects, WriteResult } from "../../../src/model/backend.ts";
import type { Batch, RejectedRow, Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Failure, FailureKind } from "../../../src/model/failure.ts";
import { realWorld } from "../../../src/model/world.ts";
import type {
  BatchAnswer,
  BatchGroups,
  BatchOrder,
  Connection,
} from "../../../host/drivers/driver.ts";
import { LaneGate } from "../../../host/batch_order/lane_gate.ts";
import { RETRIES_MAX } from "../../../host/connections/attempts.ts";
import { type LaneShape, LoadLane } from "../../../host/batch_order/load_lane.ts";
import { NOT_BEGUN } from "../../../host/lane/ordered_connection.ts";

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

/** A connection as a lane has it: batches one after the other, stepping back behind a failure. */
class FakeConnection {
  usable = true;
  readonly written: number[];
  readonly #acts: Act[];
  readonly #onWrite: Setup["onWrite"];
  #turn: Promise<unknown> = Promise.resolve();
  #last: number | undefined;

  constructor(acts: Act[], written: number[], onWrite: Setup["onWrite"]) {
    this.#acts = acts;
    this.#onWrite = onWrite;
    this.written = written;
  }

  writeBatch(batch: Batch, order: BatchOrder, keep: KeepRejects): Promise<BatchAnswer> {
    const { follows } = order;
    const answer = this.#turn.then(async () => {
      await this.#onWrite?.(order, keep);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (follows !== undefined && follows !== this.#last) {
        this.#last = undefined;
        return {
          result: { kind: "retry", failure: failed("unavailable", NOT_BEGUN), afterMs: 0 },
          batch,
        };
      }
      const act = this.#acts.shift() ?? WRITTEN;
      if (act === "lost") this.usable = false;
      const result = act === "lost" ? retry("connection") : act;
      if (result.kind === "written") this.written.push(batch.sequence);
      this.#last = result.kind === "written" ? batch.sequence : undefined;
      return { result, batch };
    });
    this.#turn = answer;
    return answer as Promise<BatchAnswer>;
  }
}

interface Setup {
  readonly acts?: Act[];
  /** Is told of each batch, and how it is to be written. */
  readonly onWrite?: (order: BatchOrder, keep: KeepRejects) => Promise<void>;
  readonly gate?: LaneGate;
  readonly written?: number[];
  readonly reopen?: () => void;
  readonly signal?: AbortSignal;
  readonly rejoin?: () => Promise<LaneShape | undefined>;
  readonly group?: (batch: Batch) => Promise<BatchGroups>;
}

function lane(setup: Setup = {}) {
  const { acts = [], gate = new LaneGate(), written = [] } = setup;
  let opened = 0;
  const leaseOf = () => {
    const connection = new FakeConnection(acts, written, setup.onWrite) as unknown as Connection;
    return { connection, release: () => Promise.resolve() };
  };
  const made = new LoadLane({
    lease: leaseOf(),
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
      { sequence, shape: SHAPE, bytes: new Uint8Array(1), offsets: new Uint32Array(2) } as Batch,
      { rejectsMax: 0, keep: () => Promise.resolve() },
    );
  return { made, write, written, opened: () => opened };
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
  const acts = Array.from({ length: 2 * RETRIES_MAX }, () => retry("conflict"));
  const { write, written } = lane({ acts });
  const [first, second] = await Promise.all([0, 1].map(write));
  assert(first?.kind === "retry" && first.failure.kind === "conflict");
  assert(second?.kind === "retry" && second.failure.code === NOT_BEGUN);
  assertEquals(acts.length, RETRIES_MAX - 1);
  const third = await write(2);
  assert(third.kind === "retry" && third.failure.code === NOT_BEGUN);
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
  await Promise.all([b.write(5), a.write(4), a.write(6), b.write(7)]);
  assertEquals(written.slice(0, 2), [4, 5]);
});

Deno.test("lane gives its batches another shape where a column is gone, and fails where it is not", async () => {
  const gone: Act = { kind: "fatal", failure: failed("missing_column") };
  const narrow = { ...SHAPE, columns: [] } as Shape;
  const mended = lane({ acts: [gone], rejoin: () => Promise.resolve({ shape: narrow }) });
  assertEquals((await Promise.all([0, 1].map(mended.write))).map(({ kind }) => kind), [
    "written",
    "written",
  ]);
  const same = lane({ acts: [gone] });
  assertEquals((await same.write(0)).kind, "fatal");
});

Deno.test("batch that is sent while the failure of the one before it is on its way does not overtake it", async () => {
  // The answer is there, but this thread has not heard of it yet when the next batch comes.
  const acts: Act[] = [retry("conflict")];
  const { write, written } = lane({ acts });
  const first = write(0);
  await new Promise((resolve) => setTimeout(resolve, 1));
  const second = write(1);
  await Promise.all([first, second]);
  assertEquals(written, [0, 1]);
});
