/** Wants a table of 80 megabytes. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith("(table 10000000 funcref)"),
  stopped: "folder",
  code: "plugin_refused",
  says: "a table of 10000000 elements",
};
