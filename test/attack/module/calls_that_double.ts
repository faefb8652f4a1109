/** No loop, no recursion, and two to the power of sixty calls. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes("(call $f0)", {
      fields: [
        ...Array.from(
          { length: 60 },
          (_, i) => `(func $f${i} (call $f${i + 1}) (call $f${i + 1}))`,
        ),
        "(func $f60)",
      ],
    }),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
