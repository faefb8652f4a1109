/** Nine hundred exports, each with a name of half a kilobyte. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      fields: Array.from({ length: 900 }, (_, i) =>
        `(export "${`e${i}`.padEnd(500, "x")}" (func $text))`),
    }),
  stopped: "nowhere",
};
