/** Fills a table from a segment, for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `(loop $l (table.init $e (i32.const 0) (i32.const 0) (i32.const 1000)) (br $l))`,
      { fields: [`(table 1000 funcref)`, `(func $f)`, `(elem $e func ${"$f ".repeat(1_000)})`] },
    ),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
