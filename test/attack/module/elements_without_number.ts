/** Four hundred times the ten thousand elements of its table, set again in each instance. */
import { functionOf, type ModuleAttack, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    functionOf([0, 0x0b], [4, [1, 0x70, 0, 0x90, 0x4e]], [
      9,
      vectorOf(40, [0, 0x41, 0, 0x0b, ...vectorOf(10_000, [0])]),
    ]),
  stopped: "folder",
  code: "plugin_refused",
  says: "elements in its segments",
};
