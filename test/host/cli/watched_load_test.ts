/** What the page of `load --status` tells of a backend: what `serve` tells of one, and nothing secret. */
import { assertEquals, assertRejects } from "@std/assert";
import { WatchedLoad } from "../../../host/cli/loads/watched_load.ts";
import { LoadError } from "../../../mod.ts";
import { ManualWorld } from "../../support/manual_world.ts";
import { MemoryBackend } from "../../support/memory_backend.ts";

Deno.test("watched load tells of its backend once it is connected, without secrets, and of what it lacks", async () => {
  const load = new WatchedLoad({
    ...{ name: "t", source: ["a.csv"], target: "db", config: undefined },
    ...{ world: new ManualWorld(), tell: () => {} },
    redact: (text) => text.replaceAll("hunter2", "[redacted]"),
  });
  const reason = async () => {
    const error: LoadError = await assertRejects(() => load.pastLoads({ limit: 1 }), LoadError);
    return [error.code, error.message];
  };
  assertEquals(load.backendStatus, { name: "db", state: "connecting", pools: [] });
  assertEquals(load.status.state, "queued");
  assertEquals(await reason(), [
    "backend_unavailable",
    "Backend db cannot be asked now: it is not connected",
  ]);

  const backend = Object.assign(
    new MemoryBackend(),
    {
      breaker: { state: "open", detail: "no hunter2" },
      health: { status: "unhealthy", latencyMs: 1, checkedAt: 2, detail: "not hunter2 either" },
    } as const,
  );
  const target = { kind: "named", name: "db", backend: { type: "memory", settings: {} } } as const;
  load.begin(backend, { target, options: { table: "t" } });
  assertEquals(load.status.state, "running");
  const { state, breaker, health } = load.backendStatus;
  assertEquals([state, breaker?.state, breaker?.detail, health?.detail], [
    ...["up", "open", "no [redacted]", "not [redacted] either"],
  ]);
  assertEquals(await reason(), [
    "usage",
    "This backend keeps no ledger, so that it does not know what was loaded",
  ]);
});
