/** Wants the names of columns, which nobody has granted. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      imports: [`(import "extism:host/user" "batch_column_name" (func (param i32) (result i64)))`],
    }),
  stopped: "folder",
  code: "plugin_refused",
  says: "not granted",
};
