/** Has no mode that anybody asks for. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      manifest: { ...MANIFEST, capabilities: { ...MANIFEST.capabilities, modes: [] } },
    }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "capabilities.modes",
};
