/** Calls on a connection in the order in which they came, and batches that are returned unwritten. */
import { assertEquals, assertRejects } from "@std/assert";
import type { KeepRejects, WriteResult } from "../../../src/model/backend.ts";
import type { Batch, Shape } from "../../../src/model/batch.ts";
import type { BatchOrder, Connection, PreparedBatch } from "../../../host/drivers/driver.ts";
import { NOT_BEGUN, OrderedConnection } from "../../../host/lane/ordered_connection.ts";

const WRITTEN: WriteResult = {
  kind: "written",
  counts: { read: 1, committed: 1, superseded: 0, rejected: 0 },
  contentHash: "",
  milliseconds: 0,
};
const REFUSED: WriteResult = {
  kind: "retry",
  failure: { kind: "unavailable", code: "X", message: "X" },
  afterMs: 0,
};

/** What happens with one batch. */
type Act = WriteResult | Error | Promise<WriteResult>;

/** A connection that writes down what it is asked, and does with batches what it was told. */
function connectionOf(acts: readonly Act[] = []) {
  const seen: string[] = [];
  const left = [...acts];
  const connection = {
    usable: true,
    probe: async () => {
      seen.push("probe");
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push("probed");
      return { latencyMs: 0, text: "" };
    },
    prepareBatch: (batch: Batch): PreparedBatch => {
      seen.push(`prepare ${batch.sequence}`);
      return async () => {
        seen.push(`write ${batch.sequence}`);
        const act = await (left.shift() ?? WRITTEN);
        if (act instanceof Error) throw act;
        seen.push(`done ${batch.sequence}`);
        return { result: act, batch };
      };
    },
    close: () => {
      seen.push("close");
      return Promise.resolve();
    },
  };
  return { ordered: new OrderedConnection(connection as unknown as Connection), connection, seen };
}

const SHAPE: Shape = { table: { name: "t" }, columns: [], mode: "append" };
const keep: KeepRejects = () => Promise.resolve();

function batch(sequence: number): Batch {
  return { sequence, shape: SHAPE } as Batch;
}

function following(follows?: number): BatchOrder {
  return { rejectsMax: 0, alone: false, ...(follows === undefined ? {} : { follows }) };
}

Deno.test("ordered connection: a call waits for the one before, a batch is made ready at once", async () => {
  const { ordered, seen } = connectionOf();
  await Promise.all([
    ordered.probe("SELECT 1"),
    ordered.writeBatch(batch(0), following(), keep),
    ordered.writeBatch(batch(1), following(0), keep),
  ]);
  assertEquals(seen, [
    ...["prepare 0", "prepare 1", "probe", "probed"],
    ...["write 0", "done 0", "write 1", "done 1"],
  ]);
});

for (
  const [name, act] of Object.entries({
    "is refused": REFUSED,
    "throws": new Error("gone"),
  })
) {
  Deno.test(`ordered connection: where a batch ${name}, the one that follows it is returned unwritten`, async () => {
    const { ordered, seen } = connectionOf([act]);
    const first = ordered.writeBatch(batch(0), following(), keep).catch(() => {});
    const second = ordered.writeBatch(batch(1), following(0), keep);
    const third = ordered.writeBatch(batch(2), following(1), keep);
    await first;
    for (const { result } of [await second, await third]) {
      assertEquals(result.kind === "retry" && result.failure.code, NOT_BEGUN);
    }
    assertEquals(seen.filter((word) => word.startsWith("write")), ["write 0"]);
    const again = await ordered.writeBatch(batch(0), following(), keep);
    const next = await ordered.writeBatch(batch(1), following(0), keep);
    assertEquals([again.result.kind, next.result.kind], ["written", "written"]);
  });
}

Deno.test("ordered connection: a batch follows the one that it names and no other", async () => {
  const { ordered } = connectionOf();
  await ordered.writeBatch(batch(4), following(), keep);
  const { result } = await ordered.writeBatch(batch(6), following(5), keep);
  assertEquals(result.kind === "retry" && result.failure.code, NOT_BEGUN);
  assertEquals((await ordered.writeBatch(batch(6), following(), keep)).result.kind, "written");
});

Deno.test("ordered connection: an error is its caller's alone", async () => {
  const { ordered } = connectionOf([new Error("gone")]);
  const failing = ordered.writeBatch(batch(0), following(), keep);
  const probing = ordered.probe("SELECT 1");
  await assertRejects(() => failing, Error, "gone");
  assertEquals((await probing).text, "");
});

Deno.test("ordered connection: a batch that cannot be made ready fails in its turn, for its sender alone", async () => {
  const { ordered, connection, seen } = connectionOf();
  const first = ordered.writeBatch(batch(0), following(), keep);
  connection.prepareBatch = () => {
    throw new Error("no batch");
  };
  const second = ordered.writeBatch(batch(1), following(0), keep);
  await assertRejects(() => second, Error, "no batch");
  assertEquals((await first).result.kind, "written");
  assertEquals(seen, ["prepare 0", "write 0", "done 0"]);
});

Deno.test("ordered connection: it is closed once what is under way has ended, and only once", async () => {
  const { promise, resolve } = Promise.withResolvers<WriteResult>();
  const { ordered, connection, seen } = connectionOf([promise]);
  const writing = ordered.writeBatch(batch(0), following(), keep);
  const closing = ordered.close();
  assertEquals([ordered.usable, connection.usable], [false, true]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(seen.includes("close"), false);
  resolve(WRITTEN);
  await Promise.all([writing, closing, ordered.close()]);
  assertEquals(seen.slice(-2), ["done 0", "close"]);
});
