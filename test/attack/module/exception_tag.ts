/** A kind of exception of its own. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith("(tag)", { exceptions: true }),
  stopped: "folder",
  code: "plugin_refused",
  says: "an unknown section 13",
};
