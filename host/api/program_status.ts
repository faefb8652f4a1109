/** Everything that is known of a program, and how it can be changed by whoever asks. */
import type { Call } from "./route.ts";
import type { ProgramStatus } from "./status_schema.ts";

/** What `/status` answers, and what the last event has in it. */
export function programStatus(
  { actions, operate }: Pick<Call, "actions" | "operate">,
): ProgramStatus {
  return {
    ...actions.status(),
    operate: actions.changes ? operate : "no",
    uploads: operate !== "no" && actions.changes?.uploads !== undefined,
  };
}
