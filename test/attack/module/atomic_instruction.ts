/** An instruction of threads. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0xfe, 0x03, 0x00, 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "threads",
};
