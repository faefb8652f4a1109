/** Judges its database with a mebibyte. */
import { type ModuleAttack, pluginThat, PROBE } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      exports: {
        health_check: `(if (i64.eqz (call $input_length)) (then ${PROBE} (return (i32.const 0))))
      (call $output_set (call $alloc (i64.const 1048576)) (i64.const 1048576)) (i32.const 0)`,
      },
    }),
  stopped: "health",
  says: "a word of its own",
};
