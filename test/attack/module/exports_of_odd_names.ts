/** Exports what objects have of their own, and its memory under a few more names. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

const NAMES = ["__proto__", "constructor", "toString", "then", "length", "0", ""];

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      fields: [
        ...NAMES.map((name) => `(export "${name}" (func $text))`),
        `(export "memory2" (memory 0))`,
        `(export "hasOwnProperty" (memory 0))`,
      ],
    }),
  stopped: "nowhere",
};
