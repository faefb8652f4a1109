/** Takes page after page, and gets no more than it may have. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`
    (loop $l
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (if (i32.gt_u (local.get $i) (i32.const 256)) (then (unreachable)))`),
  stopped: "nowhere",
};
