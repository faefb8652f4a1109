/** What the page says that somebody should look at. */
import { assertEquals } from "@std/assert";
import type { LoadStatus } from "../../../host/api/load_schema.ts";
import type { ProgramStatus } from "../../../host/api/status_schema.ts";
import { concernsOf } from "../../../host/page/attention.ts";

const NOTHING: ProgramStatus = {
  ...{
    program: "serve",
    version: "0.1.0",
    pid: 1,
    state: "serving",
    since: "2026-11-30T06:13:39Z",
  },
  ...{ operate: "no", uploads: false, plugins: [], backends: [], loads: [] },
};

function load(
  name: string,
  state: LoadStatus["state"],
  more: Partial<LoadStatus> = {},
): LoadStatus {
  return { name, source: [], state, watch: false, runs: 0, ...more };
}

Deno.test("page: what is well needs no attention", () => {
  const health = { status: "healthy", latencyMs: 1, checkedAt: 1 } as const;
  const breaker = { state: "closed" } as const;
  assertEquals(
    concernsOf({
      ...NOTHING,
      loads: (["idle", "queued", "running", "waiting", "complete"] as const).map((s) => load(s, s)),
      backends: [
        { name: "a", state: "up", pools: [], health, breaker },
        { name: "b", state: "connecting", pools: [] },
      ],
      plugins: [
        { type: "p", version: "1", status: "available", grants: [] },
        { type: "q", version: "1", status: "draining", grants: [] },
      ],
    }),
    [],
  );
});

Deno.test("page: what does not work comes first, each with the reason and the way to it", () => {
  const concerns = concernsOf({
    ...NOTHING,
    config: {
      file: "c",
      readAt: "2026-11-30T06:13:39Z",
      overruled: ["audit is not"],
      error: "line 3",
    },
    loads: [
      load("slow", "retrying", { detail: "connection lost" }),
      load("still", "paused"),
      load("left", "complete", {
        rejects: { byCode: [{ code: "a", count: 2 }, { code: "b", count: 1 }] },
      }),
      load("broken", "failed", { detail: "row 7" }),
    ],
    backends: [
      { name: "gone", state: "down", pools: [], lastError: { at: "", message: "nobody listens" } },
      { name: "open", state: "up", pools: [], breaker: { state: "open", detail: "timeout" } },
      { name: "half", state: "up", pools: [], breaker: { state: "half_open" } },
      {
        ...{ name: "slow", state: "up", pools: [] },
        health: { status: "degraded", latencyMs: 800, checkedAt: 1, detail: "800 ms" },
      },
    ],
    plugins: [
      { type: "x", version: "1", status: "refused", reason: "changed", grants: [] },
      { type: "y", version: "1", status: "quarantined", grants: [] },
    ],
  });
  assertEquals(concerns.map(({ tone, what, why, href }) => [tone, what, why, href]), [
    ["bad", "Configuration", "The file is not in force: line 3", undefined],
    ["bad", "Backend gone", "nobody listens", "#/backend/gone"],
    ["bad", "Backend open", "Its circuit breaker is open: timeout", "#/backend/open"],
    ["bad", "Load broken", "row 7", "#/load/broken"],
    ["bad", "Plugin x", "It was not let in: changed", "#plugins"],
    ["bad", "Plugin y", "It has failed too often", "#plugins"],
    ["warn", "Configuration", "audit is not", undefined],
    ["warn", "Backend half", "Its circuit breaker is half open", "#/backend/half"],
    ["warn", "Backend slow", "800 ms", "#/backend/slow"],
    ["warn", "Load slow", "connection lost", "#/load/slow"],
    ["warn", "Load still", "It is paused, until somebody resumes it", "#/load/still"],
    ["warn", "Load left", "3 rows rejected, to be corrected", "#/load/left"],
  ]);
});
