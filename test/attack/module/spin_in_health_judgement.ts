/** Names a probe, and never ends as it judges what that brought. */
import { type ModuleAttack, pluginThat, PROBE } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      exports: {
        health_check: `(if (i64.eqz (call $input_length))
        (then ${PROBE} (return (i32.const 0))))
        (loop $l (br $l)) (i32.const 0)`,
      },
    }),
  stopped: "health",
  says: "its fuel is used up",
};
