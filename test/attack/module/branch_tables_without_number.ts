/** Many branches with many targets each. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    functionOf([
      0,
      ...new Array(20).fill([0x41, 0, 0x0e, 0xe8, 0x07, ...new Array(1_001).fill(0)]).flat(),
      0x0b,
    ]),
  stopped: "folder",
  code: "plugin_refused",
  says: "targets of br_table",
};
