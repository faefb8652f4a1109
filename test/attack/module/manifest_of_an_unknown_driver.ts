/** Wants a driver that is not there. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: { ...MANIFEST, driver: "oracle" } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "driver",
};
