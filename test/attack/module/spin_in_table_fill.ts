/** Empties a table for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `
    (loop $l (table.fill $t (i32.const 0) (ref.null func) (i32.const 9000)) (br $l))`,
      {
        fields: ["(table $t 10000 funcref)"],
        features: { reference_types: true },
      },
    ),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
