/** Never ends before anybody has asked it anything. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ fields: ["(func $spin (loop $l (br $l)))", "(start $spin)"] }),
  stopped: "folder",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
