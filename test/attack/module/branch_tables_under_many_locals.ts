/** Ten thousand ways out, from under five thousand locals. */
import { functionOf, type ModuleAttack, repeated, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    functionOf([
      1,
      0x88,
      0x27,
      0x7f,
      ...repeated(500, [0x02, 0x40]),
      ...repeated(500, [0x20, 0, 0x0e, ...vectorOf(10, [0]), 0]),
      ...repeated(500, [0x0b]),
      0x0b,
    ]),
  stopped: "folder",
  code: "plugin_refused",
  says: "to keep track of",
};
