/** Asks for a setting whose name has 60 kilobytes, for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `(local.set $h (call $text (i32.const 4)))
    (loop $l (drop (call $config_text (local.get $h))) (br $l))`,
      { texts: ["x".repeat(60_000)], capabilities: ["config_text"] },
    ),
  stopped: "load",
  code: "plugin_violation",
  says: "bytes of texts in one call",
};
