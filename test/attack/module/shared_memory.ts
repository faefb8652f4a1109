/** Memory that several threads would share. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith("(memory 1 1 shared)", { threads: true }),
  stopped: "folder",
  code: "plugin_refused",
  says: "shared",
};
