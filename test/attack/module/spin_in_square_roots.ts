/** Draws the root of the root of the root, for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(call $f (f64.const 1e308))`, {
      fields: [
        `(func $f (param f64) (loop $l (local.set 0 ${"(f64.sqrt ".repeat(100)}(local.get 0)${
          ")".repeat(100)
        }) (br $l)))`,
      ],
    }),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
