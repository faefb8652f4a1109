/** What a host has in hand, which no load of it may write into. */
import type { DatabaseBackend } from "../../src/model/backend.ts";
import { KEPT_FILE } from "../platform/kept_answers.ts";
import { filesOf, STREAMS, type TakenFile } from "../platform/taken_file.ts";
import { LOCK_FILE } from "./store/plugin_lock.ts";

/** Files of a host with these options while it loads into a backend. */
export function takenBy(
  { audit, plugins, taken = [] }: {
    readonly audit?: string;
    readonly plugins?: string;
    readonly taken?: readonly TakenFile[];
  },
  backend: DatabaseBackend,
): readonly TakenFile[] {
  const beside = plugins === undefined ? [] : [LOCK_FILE, KEPT_FILE].map((name) => {
    return { path: `${plugins}/${name}`, what: `${name} of the plugins` };
  });
  return [
    ...taken,
    ...STREAMS,
    ...(audit === undefined ? [] : [{ path: audit, what: "the audit log" }]),
    ...beside,
    ...filesOf(backend),
  ];
}
