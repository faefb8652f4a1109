/** A hundred thousand loops of nothing, side by side. */
import { functionOf, type ModuleAttack, repeated } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, ...repeated(150_000, [0x03, 0x40, 0x0b]), 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "to keep track of",
};
