/** Calls itself by its table before anybody has asked it anything. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      fields: [
        `(table funcref (elem $spin))`,
        `(func $spin (call_indirect (i32.const 0)))`,
        `(start $spin)`,
      ],
    }),
  stopped: "folder",
  code: "plugin_failed",
  says: "failed in start",
};
