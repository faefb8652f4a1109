/** Asks for a large table once it runs, and is told that there is none. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `
    (if (i32.ne (table.grow $t (ref.null func) (i32.const 10000)) (i32.const -1))
      (then (unreachable)))`,
      {
        fields: ["(table $t 1 funcref)"],
        features: { reference_types: true },
      },
    ),
  stopped: "nowhere",
};
