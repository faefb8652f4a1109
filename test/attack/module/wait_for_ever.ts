/** Would sleep for ever, at no fuel. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    moduleWith(
      "(memory 1 1 shared) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))",
      { threads: true },
    ),
  stopped: "folder",
  code: "plugin_refused",
};
