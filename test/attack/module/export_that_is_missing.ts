/** Cannot be asked for sessions. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ without: ["connect"] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "export connect: missing",
};
