/** Has a counter of its own under the name of the host's. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      fields: [`(global (export "_snakepipe_fuel") (mut i64) (i64.const 0x7fffffffffffffff))`],
    }),
  stopped: "folder",
  code: "plugin_refused",
  says: "reserved",
};
