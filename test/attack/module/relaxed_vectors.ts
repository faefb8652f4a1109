/** Vectors whose results depend on the machine. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0xfd, 0x80, 0x02, 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "relaxed vectors",
};
