/** Sets an element of a table, again and again: each time the collector hears of it. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `(loop $l ${"(table.set $t (i32.const 1) (table.get $t (i32.const 0)))".repeat(50)} (br $l))`,
      {
        fields: [`(table $t funcref (elem $f $g))`, `(func $f)`, `(func $g)`],
        features: { reference_types: true },
      },
    ),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
