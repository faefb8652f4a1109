/** A section that nobody knows. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([99, [0]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "an unknown section 99",
};
