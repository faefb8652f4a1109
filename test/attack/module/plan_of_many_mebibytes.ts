/** Sixty thousand brackets, as often as statements may come: the host took 8 s to read that. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `(local.set $h (call $text (i32.const 4)))
    (loop $l (call $sql_prepare (local.get $h))
      (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $l (i32.lt_u (local.get $i) (i32.const 30))))`,
      { texts: ["(".repeat(60_000)] },
    ),
  stopped: "load",
  code: "plan_refused",
  says: "bytes of statements",
};
