/** What everybody pays who starts Deno: the measure of a start. */
import type { Contestant } from "./contestant.ts";
import { denoScript } from "./script.ts";

/** Name of what a start is compared with. */
export const EMPTY_SCRIPT = "an empty Deno script";

/** See the head of this file; it loads nothing. */
export const EMPTY: Contestant = denoScript("nothing", {
  name: EMPTY_SCRIPT,
  side: "reference",
  idle: true,
});
