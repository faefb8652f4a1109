/** Would catch what the host throws at it. */
import { type ModuleAttack, moduleWith } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleWith("(func (try (do) (catch_all)))", { exceptions: true }),
  stopped: "folder",
  code: "plugin_refused",
  says: "exception handling",
};
