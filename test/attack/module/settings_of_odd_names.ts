/** Asks for settings that every object has, and is told that there are none. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "url", "authToken", ""];

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      NAMES.map((_, i) => `
    (if (i64.ne (call $config_text (call $text (i32.const ${
        4 + i
      }))) (i64.const 0)) (then (unreachable)))
    (if (i64.ne (call $config_number (call $text (i32.const ${
        4 + i
      }))) (i64.const 0)) (then (unreachable)))`).join(""),
      { texts: NAMES, capabilities: ["config_text", "config_number"] },
    ),
  stopped: "nowhere",
};
