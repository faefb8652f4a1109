/** Asks for four gigabytes once it runs, and is told that there are none. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`
    (if (i32.ne (memory.grow (i32.const 60000)) (i32.const -1)) (then (unreachable)))`),
  stopped: "nowhere",
};
