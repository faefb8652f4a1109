/** Says that all is well, and plans nothing. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ exports: { write_batch: "(i32.const 0)" } }),
  stopped: "load",
  code: "plan_refused",
  says: "writes nothing",
};
