/** What `serve` does about a target that is down for an hour, by a clock that the test holds. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHost, type DatabaseBackend, LoadError, rows } from "../../../mod.ts";
import { ServedBackend } from "../../../host/serve/served_backend.ts";
import { ServedLoad } from "../../../host/serve/served_load.ts";
import { builtLibrary } from "../../support/built.ts";
import { eventually } from "../../support/eventually.ts";
import { ManualWorld } from "../../support/manual_world.ts";
import { MemoryBackend } from "../../support/memory_backend.ts";

await builtLibrary();

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What is back is found after so long at the latest. */
const LATE_MS_MAX = 30_000;

/** A load into a backend, both of which fail until an hour has passed, as far as they are told to. */
async function withOutage(
  down: "backend" | "load",
  act: (setup: {
    readonly world: ManualWorld;
    readonly load: ServedLoad;
    readonly backend: ServedBackend;
    /** When it was tried, by the clock. */
    readonly attempts: readonly number[];
    readonly told: readonly string[];
  }) => Promise<void>,
): Promise<void> {
  const world = new ManualWorld();
  await using host = await createHost();
  host.registerBackend("memory", MemoryBackend, MemoryBackend.SCHEMA);
  const attempts: number[] = [];
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);
  const tried = (what: "backend" | "load") => {
    if (down !== what) return;
    attempts.push(world.monotonic());
    if (world.monotonic() >= HOUR_MS) return;
    throw new LoadError("Nobody listens there", {
      ...{ code: "connection_failed", blame: "database", retry: true },
    });
  };
  const backend = new ServedBackend({
    ...{ name: "db", world, tell },
    connect: async (): Promise<DatabaseBackend> => {
      tried("backend");
      return await host.createBackend("memory", { name: crypto.randomUUID() });
    },
    type: () => "memory",
    redact: (text) => text,
  });
  const stop = new AbortController();
  const load = new ServedLoad({
    ...{ name: "rows", world, tell, signal: stop.signal, load: { source: ["rows"] } },
    prepare: () =>
      Promise.resolve({
        source: rows([{ id: 1 }, { id: 2 }]),
        ...{ backend, options: { table: "t" }, replay: undefined, notes: () => [] },
      }),
    run: async ({ source }, use, options) => {
      tried("load");
      return await host.load(source, use.backend, options);
    },
    vacated: () => undefined,
    other: () => undefined,
    begun: () => Promise.resolve(),
    ended: () => Promise.resolve(),
    onComplete: () => {},
    redact: (text) => text,
  });
  try {
    load.request("request");
    await act({ world, load, backend, attempts, told });
  } finally {
    stop.abort(new LoadError("Stopped", { code: "cancelled", blame: "config" }));
    await load.settled();
    await backend.close();
  }
}

/** Between two attempts, at the most. */
function longestPause(attempts: readonly number[]): number {
  return Math.max(...attempts.slice(1).map((time, i) => time - attempts[i]!));
}

for (const down of ["backend", "load"] as const) {
  Deno.test(`serve: a ${down} that fails for an hour is tried again all the time, is told once, and goes on by itself`, () =>
    withOutage(down, async ({ world, load, backend, attempts, told }) => {
      await eventually("it has failed", async () => {
        await world.pass(0);
        return attempts.length > 0;
      });
      await world.pass(HOUR_MS - 1);
      const { state, detail = "" } = load.status;
      if (down === "backend") {
        assertEquals([state, backend.status.state], ["queued", "down"]);
        assertMatch(detail, /^backend db: it is down: Nobody listens there$/);
        assertEquals(backend.isHealthy, false);
      } else assertEquals([state, detail], ["retrying", "Nobody listens there"]);
      const before = attempts.length;
      assert(before > HOUR_MS / LATE_MS_MAX, `${before} attempts`);
      assert(before < 4 * HOUR_MS / LATE_MS_MAX, `${before} attempts`);
      assert(longestPause(attempts) <= LATE_MS_MAX, `${longestPause(attempts)} ms`);
      assertEquals(told.filter((text) => text.includes("tried again")).length, 1, told.join("\n"));
      await world.pass(LATE_MS_MAX);
      assertEquals(attempts.length, before + 1);
      await eventually("it is loaded", () => load.status.state === "complete");
      assertEquals(load.status.last?.committed, 2);
    }));
}
