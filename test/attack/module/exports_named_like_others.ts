/** Exports globals and a table by names that hosts and linkers look for. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      fields: [
        `(global (export "__stack_pointer") (mut i32) (i32.const -1))`,
        `(global (export "__heap_base") (mut i32) (i32.const -1))`,
        `(global (export "extism_context") (mut i64) (i64.const -1))`,
        `(table (export "__indirect_function_table") 1 funcref)`,
      ],
    }),
  stopped: "nowhere",
};
