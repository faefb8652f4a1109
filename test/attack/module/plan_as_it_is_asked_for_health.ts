/** Plans when it is not its turn. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      exports: { health_check: "(call $sql_prepare (call $text (i32.const 1))) (i32.const 0)" },
    }),
  stopped: "connect",
  code: "plugin_violation",
  says: "not to be called in health_check",
};
