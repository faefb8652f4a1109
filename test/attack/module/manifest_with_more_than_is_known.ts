/** Grants itself something. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: { ...MANIFEST, grants: ["rows_read"] } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "grants",
};
