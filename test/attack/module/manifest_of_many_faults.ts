/** Has so many faults that to name them all takes longer than to find them. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: { ...MANIFEST, schemes: new Array(200_000).fill(1) } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "bytes long, at most",
};
