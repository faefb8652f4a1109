/** Wants to write files. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      imports: [
        `(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))`,
      ],
    }),
  stopped: "folder",
  code: "plugin_refused",
  says: "not a function that this host gives",
};
