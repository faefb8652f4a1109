/** Gives blocks back that there are not, before anybody has asked it anything. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      fields: [
        `(func $f (loop $l (call $free (i64.const 0x7fff000000000000)) (br $l)))`,
        `(start $f)`,
      ],
    }),
  stopped: "folder",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
