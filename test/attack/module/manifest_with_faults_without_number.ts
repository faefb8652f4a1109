/** As many faults as a manifest has room for. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ manifest: { ...MANIFEST, schemes: Array.from({ length: 30_000 }, () => 7) } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "more",
};
