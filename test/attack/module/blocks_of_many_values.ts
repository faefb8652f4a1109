/** Blocks that take a thousand values each, and give them back: 150 kilobytes, 2 gigabytes to validate. */
import { bodyOf, type ModuleAttack, moduleOf, repeated, vectorOf } from "../module_attack.ts";

const VALUES = vectorOf(1_000, [0x7e]);

export const attack: ModuleAttack = {
  bytes: () =>
    moduleOf(
      [1, [2, 0x60, 0, 0, 0x60, ...VALUES, ...VALUES]],
      [3, [1, 0]],
      [10, [1, ...bodyOf([0, 0x00, ...repeated(50_000, [0x02, 1, 0x0b]), 0x00, 0x0b])]],
    ),
  stopped: "folder",
  code: "plugin_refused",
  says: "to keep track of",
};
