/** One branch with a million targets. */
import { ByteWriter } from "../../../host/plugins/sandbox/byte_writer.ts";
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    functionOf([
      ...[0, 0x41, 0, 0x0e],
      ...new ByteWriter(5).u32(1_000_000).take(),
      ...new Array(1_000_001).fill(0),
      0x0b,
    ]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a function body of",
};
