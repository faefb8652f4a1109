/** Fifty thousand blocks, one in the other. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    functionOf([
      0,
      ...new Array(50_000).fill([0x02, 0x40]).flat(),
      ...new Array(50_001).fill(0x0b),
    ]),
  stopped: "folder",
  code: "plugin_refused",
  says: "nested deeper",
};
