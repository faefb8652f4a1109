/** Five thousand locals, and twenty thousand branches that each might change them. */
import { functionOf, type ModuleAttack, repeated } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    functionOf([1, 0x88, 0x27, 0x7f, ...repeated(20_000, [0x20, 0, 0x04, 0x40, 0x0b]), 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "to keep track of",
};
