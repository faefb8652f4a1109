/** Asks for a larger table for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `
    (loop $l (drop (table.grow $t (ref.null func) (i32.const 1000000))) (br $l))`,
      {
        fields: ["(table $t 1 funcref)"],
        features: { reference_types: true },
      },
    ),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
