/**
 * The long comparison of the fast codec with the reference:
 * `deno task test:codec [--cells n] [--seed n] [--differences n]`, by default 10,000,000 cells from a
 * seed that it prints. A difference is printed with the seed of its batch, which alone brings it
 * back; the exit status is 1 after as many as `--differences` asks for, 1 by default.
 */
import { parseArgs } from "@std/cli/parse-args";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { type RunCounts, runDifferential } from "./differential_run.ts";

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 10_000;

function line({ batches, rows, cells, bytes }: RunCounts): string {
  const counts = [[batches, "batches"], [rows, "rows"], [cells, "cells"], [
    bytes,
    "bytes",
  ]] as const;
  return counts.map(([value, word]) => `${value.toLocaleString("en")} ${word}`).join(", ");
}

function printer(): (counts: RunCounts) => void {
  let printed = performance.now();
  return (counts) => {
    if (performance.now() - printed < PROGRESS_MS) return;
    printed = performance.now();
    console.log(line(counts));
  };
}

if (import.meta.main) {
  const options = parseArgs(Deno.args, { string: ["cells", "seed", "differences"] });
  const seed = Number(options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  console.log(`seed ${seed}`);
  const started = performance.now();
  const counts = await runDifferential(createWasmCodec, {
    seed,
    cellsMin: Number(options.cells ?? 10_000_000),
    differencesMax: Number(options.differences ?? 1),
    progress: printer(),
  });
  const seconds = (performance.now() - started) / 1000;
  for (const difference of counts.differences) console.error(difference);
  console.log(
    `${line(counts)} compared in COPY text, COPY binary and cells in ${seconds.toFixed(0)} s: ` +
      `${counts.differences.length} differences`,
  );
  Deno.exit(counts.differences.length === 0 ? 0 : 1);
}
