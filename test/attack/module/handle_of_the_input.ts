/** Passes off what it was handed as a statement. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes(`(call $sql_prepare (i64.const 0x0001000000000000))`),
  stopped: "load",
  code: "plan_refused",
  says: "prepare",
};
