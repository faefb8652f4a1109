/** Writes an offset in more bytes than 32 bits take, which is read where there are memories of 64 bits. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

const LOAD_AT_LENGTH = [0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00];

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0x41, 0, ...LOAD_AT_LENGTH, 0x1a, 0x0b], [5, [1, 0, 1]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a number longer than 32 bits",
};
