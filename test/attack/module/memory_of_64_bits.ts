/** A memory with long addresses. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith("(memory i64 1)", { memory64: true }),
  stopped: "folder",
  code: "plugin_refused",
  says: "64-bit",
};
