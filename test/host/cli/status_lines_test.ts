import { assertEquals } from "@std/assert";
import { ledgerLines, programLines } from "../../../host/cli/output/status_lines.ts";
import type { ToldLoad, ToldProgram } from "../../../host/observe/running/told_program.ts";
import type { PastLoad } from "../../../src/model/past_load.ts";

const RUN: ToldLoad["run"] & object = {
  load: { id: "7", generation: 1 },
  since: "2026-01-01T00:00:00.000Z",
  milliseconds: 10_000,
  committed: 1_000,
  superseded: 0,
  rejected: 0,
  batches: 10,
  committedBefore: 0,
  retries: 0,
  bytesRead: 500,
};

function program(told: Partial<ToldProgram>): ToldProgram {
  return {
    ...{ version: 1, snakepipe: "0.1.0", program: "load", pid: 5, loads: [] },
    ...{ since: "2026-01-01T00:00:00.000Z", at: "2026-01-01T00:00:10.000Z", ...told },
  };
}

Deno.test("status of a load: what is durable, how fast, how long still, and what happened on the way", () => {
  const load: ToldLoad = {
    ...{ state: "retrying", detail: "retry 1 of 12 in 0.5 s: connection lost\nmore", source: "-" },
    ...{ backend: "db", endpoint: "db://h/d", table: "t" },
    run: { ...RUN, rejected: 2, retries: 1, committedBefore: 50, bytesTotal: 2_000 },
  };
  const told = program({ folder: "/f", loads: [load] });
  assertEquals(programLines({ file: "", isAlive: true, status: told }), [
    "Process 5, snakepipe load in /f, since 2026-01-01 00:00:00",
    "  standard input to db://h/d, table t: retrying: retry 1 of 12 in 0.5 s: connection lost",
    "    1,000 rows committed, 25 %, 30s left, 100 rows/s, 10 batches, 1 retry, 2 rows rejected, " +
    "50 rows of earlier runs, 500 B of 2 kB read, for 10s, load 7",
  ]);
  assertEquals(programLines({ file: "", isAlive: false, status: told }), [
    "Process 5, snakepipe load in /f: killed; it was last seen at 2026-01-01 00:00:10",
    "  standard input to db://h/d, table t: killed",
    "    1,000 rows committed, 10 batches, 1 retry, 2 rows rejected, 50 rows of earlier runs, " +
    "500 B of 2 kB read, after 10s, load 7",
  ]);
});

Deno.test("status of a serve: a load that has failed or is paused is told as that, killed or not", () => {
  const source = "a.csv";
  const loads: ToldLoad[] = [
    {
      name: "bad",
      source,
      state: "failed",
      detail: "1 row cannot be loaded:\n  a.csv:2: too long",
    },
    { name: "held", source, state: "paused", detail: "since 2026-01-01T00:00:03.571Z" },
  ];
  const lines = [
    "  bad: a.csv: failed: 1 row cannot be loaded",
    "  held: a.csv: paused since 2026-01-01 00:00:03",
  ];
  const status = program({ program: "serve", loads });
  for (const isAlive of [true, false]) {
    assertEquals(programLines({ file: "", isAlive, status }).slice(1), lines);
  }
});

Deno.test("status of a program that uses the library: as it calls itself, in one line", () => {
  const told = program({ program: "nightly\n\x1b[2Jimport", api: "unix:/s" });
  assertEquals(programLines({ file: "", isAlive: true, status: told }), [
    "Process 5, nightly\\u{a}\\u{1b}[2Jimport at unix:/s, since 2026-01-01 00:00:00",
  ]);
});

Deno.test("status of a load by its ledger: which program has it, or none", () => {
  const past: PastLoad = {
    ...{ id: "7", schema: "s", table: "t", source: "a.csv", generation: 1, state: "running" },
    ...{ mode: "append", startedAt: "2026-01-01T00:00:00.000Z", batches: 2, read: 20 },
    ...{ committed: 20, superseded: 0, rejected: 0, plugin: { name: "p", version: "1" } },
  };
  const head = [
    "a.csv to s.t: running since 2026-01-01 00:00:00",
    "  20 rows committed, 2 batches, load 7",
  ];
  assertEquals(ledgerLines({ past }), [
    ...head,
    "  no program of yours on this machine has it: killed, or on another machine; the same command " +
    "goes on with it",
  ]);
  const status = program({});
  const load: ToldLoad = { state: "running", source: "a.csv", run: RUN };
  assertEquals(ledgerLines({ past, load, program: { file: "", isAlive: true, status } }), [
    ...head,
    "  process 5 has it: running, 100 rows/s",
  ]);
  assertEquals(ledgerLines({ past, load, program: { file: "", isAlive: false, status } }), [
    ...head,
    "  process 5 had it, which was killed; it was last seen at 2026-01-01 00:00:10. The same command " +
    "goes on with it",
  ]);
});
