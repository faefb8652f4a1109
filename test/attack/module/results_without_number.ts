/** Calls that leave a thousand values each, and nobody takes them: 100 kilobytes, 2 gigabytes to validate. */
import { bodyOf, type ModuleAttack, moduleOf, repeated, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    moduleOf(
      [1, [2, 0x60, 0, 0, 0x60, 0, ...vectorOf(1_000, [0x7e])]],
      [3, [2, 1, 0]],
      [10, [
        2,
        ...bodyOf([0, 0x00, 0x0b]),
        ...bodyOf([0, ...repeated(50_000, [0x10, 0]), 0x00, 0x0b]),
      ]],
    ),
  stopped: "folder",
  code: "plugin_refused",
  says: "to keep track of",
};
