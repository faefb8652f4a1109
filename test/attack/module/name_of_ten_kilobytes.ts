/** An import with a name that fills the screen. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    moduleOf([1, [1, 0x60, 0, 0]], [2, [
      1,
      0x90,
      0x4e,
      ...new Array(10_000).fill(0x61),
      1,
      0x61,
      0,
      0,
    ]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a name of 10000 bytes",
};
