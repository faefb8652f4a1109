/** Never ends as it is asked what to probe. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ exports: { health_check: "(loop $l (br $l)) (i32.const 0)" } }),
  stopped: "connect",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
