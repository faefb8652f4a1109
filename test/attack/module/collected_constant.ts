/** The same as a constant. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([6, [1, 0x6c, 0, 0x41, 0, 0xfb, 0x1c, 0x0b]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "unknown type 0x6c",
};
