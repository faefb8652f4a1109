/** A constant that never comes to its end. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([6, [1, 0x7f, 0, ...new Array(100_000).fill(0x01)]]),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "not a valid WebAssembly module",
};
