/** No manifest. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ exports: { manifest: "(i32.const 0)" } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "not JSON",
};
