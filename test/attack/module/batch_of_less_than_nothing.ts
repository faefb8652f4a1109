/** Wants batches of minus two billion rows. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(call $shape_batch (i32.const -2147483648) (i32.const -1))`, {
      capabilities: ["shape_batch"],
    }),
  stopped: "load",
  code: "plugin_violation",
  says: "at least one row",
};
