/** A function of five thousand parameters. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([1, [1, 0x60, ...vectorOf(5_000, [0x7f]), 0]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "parameters, at most",
};
