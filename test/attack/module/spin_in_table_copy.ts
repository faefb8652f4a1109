/** Moves a table for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `
    (loop $l (table.copy (i32.const 0) (i32.const 1) (i32.const 9000)) (br $l))`,
      {
        fields: ["(table $t 10000 funcref)"],
        features: { reference_types: true },
      },
    ),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
