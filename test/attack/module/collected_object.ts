/** An object that the engine would collect. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0x41, 0, 0xfb, 0x1c, 0x1a, 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "garbage collection",
};
