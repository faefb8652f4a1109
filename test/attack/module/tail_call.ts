/** A call that leaves no frame, for ever. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith("(func $f (return_call $f))", { tail_call: true }),
  stopped: "folder",
  code: "plugin_refused",
  says: "tail call",
};
