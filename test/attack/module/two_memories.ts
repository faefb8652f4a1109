/** A second memory. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith("(memory 1) (memory 1)", { multi_memory: true }),
  stopped: "folder",
  code: "plugin_refused",
  says: "2 memories",
};
