/** Claims a billion parameters, and statements of as many rows. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      manifest: {
        ...MANIFEST,
        capabilities: {
          ...MANIFEST.capabilities,
          limits: {
            parametersMax: 2 ** 31 - 1,
            rowsPerStatementMax: 2 ** 31 - 1,
            identifierBytesMax: 2 ** 31 - 1,
          },
        },
      },
      exports: {
        write_batch:
          "(call $sql_insert (call $text (i32.const 2)) (call $text (i32.const 3)) (i32.const 65535)) (i32.const 0)",
      },
    }),
  stopped: "nowhere",
};
