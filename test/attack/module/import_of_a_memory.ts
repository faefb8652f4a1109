/** Wants a memory of the host. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith(`(import "extism:host/user" "m" (memory $m 1))`),
  stopped: "folder",
  code: "plugin_refused",
  says: "a memory cannot be imported",
};
