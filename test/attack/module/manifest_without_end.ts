/** A manifest of a quarter of a mebibyte, with a fault in each of twenty thousand settings. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      manifest: {
        ...MANIFEST,
        config: {
          type: "object",
          properties: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`S${i}`, {}])),
        },
      },
    }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "at most 65536",
};
