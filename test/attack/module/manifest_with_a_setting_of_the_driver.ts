/** Takes a setting of the driver for its own, so as to read it. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      manifest: {
        ...MANIFEST,
        config: { type: "object", properties: { authToken: { type: "string", description: "d" } } },
      },
    }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "cannot carry the name of its driver's: authToken",
};
