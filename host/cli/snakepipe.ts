/** The program, from its words to its exit status. */
import { afterIfStillThere } from "../../src/model/timer.ts";
import { isTelemetryOn } from "../observe/telemetry_on.ts";
import { main } from "./main.ts";

/** How long the program may take to end by itself. */
const END_GRACE_MS = 2_000;

const status = await main(Deno.args);
if (isTelemetryOn()) {
  // Deno.exit waits for an export that is under way, which waits for this thread: forever.
  Deno.exitCode = status;
  afterIfStillThere(END_GRACE_MS, () => Deno.exit(status));
} else {
  // Ends it even where a connection that was given up on is still being tried.
  Deno.exit(status);
}
