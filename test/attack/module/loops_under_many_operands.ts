/** Ten thousand operands on the stack, and ten thousand loops above them: 60 kilobytes, 4 gigabytes to compile. */
import { functionOf, type ModuleAttack, repeated } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    functionOf([
      0,
      ...repeated(10_000, [0x41, 1]),
      ...repeated(10_000, [0x03, 0x40, 0x0b]),
      ...repeated(10_000, [0x1a]),
      0x0b,
    ]),
  stopped: "folder",
  code: "plugin_refused",
  says: "to keep track of",
};
