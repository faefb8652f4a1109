/**
 * Collects garbage on demand. A libSQL connection that was closed keeps its file open until the
 * statements that it prepared are collected; thousands of those make each further one slower, which
 * is no part of what one costs.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** Collects what nobody holds, native handles too. */
export async function collectGarbage(): Promise<void> {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  // Native handles are let go of in a turn of their own.
  await new Promise((resolve) => setTimeout(resolve, 0));
}
