/** Takes another one of nine thousand ways each time, so that no processor foresees it. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes("(call $f (i32.const 0))", {
      fields: [
        `(func $f (param i32) (loop $l
          (block (br_table ${"0 ".repeat(9_000)} (i32.and (local.get 0) (i32.const 8191))))
          (local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 1103515245)) (i32.const 12345)))
          (br $l)))`,
      ],
    }),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
