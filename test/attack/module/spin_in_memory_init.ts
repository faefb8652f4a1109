/** Writes a block of data for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `
    (loop $l (memory.init $block (i32.const 0) (i32.const 0) (i32.const 1000)) (br $l))`,
      {
        fields: [`(data $block "${"x".repeat(1_000)}")`],
      },
    ),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
