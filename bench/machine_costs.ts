import { join } from "@std/path";

/**
 * What this machine charges for memory that is new to a process, and for a write that is to last.
 */
export interface MachineCosts {
  /** Microseconds until a page of 4 KiB can be written to for the first time; best of three. */
  readonly pageFaultMicros: number;
  /** Milliseconds until 8 KiB behind the end of a file are on the disk of that folder; median of 50. */
  readonly syncMs: number;
}

const PAGE_BYTES = 4096;
const PAGES = 32 * 1024;
const SYNC_BYTES = 8192;
const SYNCS = 50;

/** Measures both: half a second. The folder is there. */
export async function machineCosts(folder: string): Promise<MachineCosts> {
  const faults = Array.from({ length: 3 }, () => touchMs() * 1_000 / PAGES);
  return { pageFaultMicros: Math.min(...faults), syncMs: await syncMs(folder) };
}

function touchMs(): number {
  const bytes = new Uint8Array(PAGES * PAGE_BYTES);
  const began = performance.now();
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) bytes[at] = 1;
  return performance.now() - began;
}

async function syncMs(folder: string): Promise<number> {
  const path = join(folder, "sync_probe");
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  try {
    const block = new Uint8Array(SYNC_BYTES).fill(1);
    const times: number[] = [];
    for (let i = 0; i < SYNCS; i++) {
      const began = performance.now();
      await file.write(block);
      await file.syncData();
      times.push(performance.now() - began);
    }
    return times.toSorted((a, b) => a - b)[SYNCS / 2]!;
  } finally {
    await Deno.remove(path);
  }
}
