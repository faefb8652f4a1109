/** Wants all the memory that there is. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith("(memory 65536)"),
  stopped: "folder",
  code: "plugin_refused",
  says: "a memory of 65536 pages",
};
