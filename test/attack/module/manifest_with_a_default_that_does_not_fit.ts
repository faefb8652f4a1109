/** A setting whose default nobody could set: whoever sets up a backend would be told that he is wrong. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      manifest: {
        ...MANIFEST,
        config: {
          type: "object",
          properties: { size: { type: "integer", description: "d", default: 1, minimum: 5 } },
        },
      },
    }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "its own default",
};
