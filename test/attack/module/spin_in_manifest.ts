/** Never ends as it is asked what it is. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ exports: { manifest: "(loop $l (br $l)) (i32.const 0)" } }),
  stopped: "folder",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
