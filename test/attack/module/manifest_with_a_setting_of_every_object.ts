/** A setting by a name that every object answers to. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      manifest: {
        ...MANIFEST,
        config: { type: "object", properties: { toString: { type: "boolean", description: "d" } } },
      },
    }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "the key toString",
};
