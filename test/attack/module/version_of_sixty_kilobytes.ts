/** A version of sixty kilobytes. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: { ...MANIFEST, version: `1.2.3-${"x".repeat(60_000)}` } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "version",
};
