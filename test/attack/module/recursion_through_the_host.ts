/** Calls itself with a call of the host in each frame, so that the stack may end within the host. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(local.set $h (call $text (i32.const 4))) (call $r (local.get $h))`, {
      texts: ["x"],
      capabilities: ["config_text"],
      fields: [
        `(func $r (param i64) (drop (call $config_text (local.get 0))) (call $r (local.get 0)))`,
      ],
    }),
  stopped: "load",
  code: "plugin_violation",
  says: "config_text",
};
