/** Would call the host with what it does not expect. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      imports: [`(import "extism:host/user" "batch_column_count" (func (param i64) (result i32)))`],
    }),
  stopped: "folder",
  code: "plugin_refused",
  says: "expected () -> (i32)",
};
