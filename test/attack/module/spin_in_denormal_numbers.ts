/** Multiplies numbers so small that the processor needs fifty times as long. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(call $f (f64.const 0x1p-1060) (f64.const 0.9999999))`, {
      fields: [
        `(func $f (param f64 f64) (local f64) (loop $l ${
          "(local.set 2 (f64.mul (local.get 0) (local.get 1)))".repeat(50)
        } (br $l)))`,
      ],
    }),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
