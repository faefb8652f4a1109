/** A batch that is sent again states its rejects again, also where there are none. */
import { assert, assertEquals } from "@std/assert";
import type { Batch, KeepRejects, Shape } from "../../../mod.ts";
import { kindOf, openHost, type Target } from "../../support/target.ts";

const SHAPE: Shape = {
  table: { name: "t" },
  columns: [{ name: "pid", type: "int64", nullable: true, key: false }],
  mode: "append",
};

/** Two rows; the second misses its parent. */
function batch(): Batch {
  const bytes = new TextEncoder().encode('{"pid":1}\n{"pid":2}\n');
  return {
    shape: SHAPE,
    format: { kind: "ndjson" },
    bytes,
    offsets: Uint32Array.of(0, 10, 20),
    sequence: 0,
    ordinal: 0,
    part: "a",
    byteOffset: 0,
    line: 1,
  };
}

async function makeTables(target: Target): Promise<void> {
  await target.execute("CREATE TABLE p (id bigint PRIMARY KEY)");
  await target.execute("INSERT INTO p VALUES (1)");
  await target.execute("CREATE TABLE t (pid bigint REFERENCES p (id))");
}

async function openLoad(target: Target) {
  const host = await openHost();
  const backend = await host.createBackend(target.type, target.config);
  const load = await backend.openLoad!({
    shape: SHAPE,
    source: "s",
    batchRowsMax: 100,
    batchBytesMax: 10_000,
    connections: 1,
    rejectTable: true,
  });
  return { load, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

/** Ends every other session of the database, so that what is open in it is rolled back. */
const END_SESSIONS = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity " +
  "WHERE datname = current_database() AND application_name = 'snakepipe' AND state <> 'idle'";

async function rows(target: Target, table: string): Promise<number> {
  const [row] = await target.query(`SELECT ${target.textOf("count(*)")} AS n FROM ${table}`);
  return Number(row!.n);
}

Deno.test("rejects stated again: what is taken at the second attempt is left out no more", () =>
  kindOf("postgres").use(async (target) => {
    await makeTables(target);
    await using opened = await openLoad(target);
    const kept: number[] = [];
    const keep: KeepRejects = async (_, left) => {
      kept.push(left.length);
      if (kept.length > 1) return;
      await target.query(END_SESSIONS);
      await target.execute("INSERT INTO p VALUES (2)");
    };
    const result = await opened.load.write(batch(), { rejectsMax: 5, keep });
    if (result.kind !== "written") throw new Error(JSON.stringify(result));
    assertEquals([result.counts.committed, result.counts.rejected], [2, 0]);
    assertEquals(kept, [1, 0]);
    assertEquals([await rows(target, "t"), await rows(target, "_snakepipe_reject")], [2, 0]);
    await opened.load.finish(result.counts);
  }));

Deno.test("rejects stated again: those of a batch that another loader has committed are not ours to keep", () =>
  kindOf("postgres").use(async (target) => {
    await makeTables(target);
    await using first = await openLoad(target);
    await using second = await openLoad(target);
    const kept: Record<"first" | "second", number[]> = { first: [], second: [] };
    const result = await first.load.write(batch(), {
      rejectsMax: 5,
      keep: async (_, left) => {
        kept.first.push(left.length);
        if (kept.first.length > 1) return;
        // It is lost before it commits, and the other one comes first.
        await target.query(END_SESSIONS);
        await second.load.write(batch(), {
          rejectsMax: 5,
          keep: (_, left) => Promise.resolve(void kept.second.push(left.length)),
        });
      },
    });
    assert(result.kind === "written" && result.alreadyIn, JSON.stringify(result));
    assertEquals(kept, { first: [1, 0], second: [1] });
    assertEquals([await rows(target, "t"), await rows(target, "_snakepipe_reject")], [1, 1]);
    for (const { load } of [first, second]) await load.abandon();
  }));
