/** Four billion locals, in six bytes. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "locals in a function",
};
