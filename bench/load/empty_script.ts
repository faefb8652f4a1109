/** What everybody pays who starts Deno: the measure of a start. */
import type { Competitor } from "./competitor.ts";
import { denoScript } from "./script.ts";

/** Name of what a start is compared with. */
export const EMPTY_SCRIPT = "an empty Deno script";

/** What everybody pays who starts Deno: the measure of a start; it loads nothing. */
export const EMPTY: Competitor = denoScript("nothing", {
  name: EMPTY_SCRIPT,
  side: "reference",
  idle: true,
});
