/** A type whose objects the engine would collect. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([1, [1, 0x5f, 0]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a type of form 0x5f",
};
