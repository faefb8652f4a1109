/** A recursion that ends, in some thousand years. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes("(drop (call $fib (i32.const 60)))", {
      fields: [
        `(func $fib (param i32) (result i32)
        (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
          (else (i32.add
            (call $fib (i32.sub (local.get 0) (i32.const 1)))
            (call $fib (i32.sub (local.get 0) (i32.const 2)))))))`,
      ],
    }),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
