/** Calls a function of five thousand locals, for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(loop $l (call $f (i32.const 0)) (br $l))`, {
      fields: [
        `(func $f (param i32) (local ${
          "v128 ".repeat(4_000)
        }) (if (local.get 0) (then (local.set 3999 (local.get 2)))))`,
      ],
      features: { simd: true },
    }),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
