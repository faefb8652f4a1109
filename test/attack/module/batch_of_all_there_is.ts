/** Wants batches of two billion rows, and gets those of the host. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(call $shape_batch (i32.const 0x7fffffff) (i32.const 0x7fffffff))`, {
      capabilities: ["shape_batch"],
    }),
  stopped: "nowhere",
};
