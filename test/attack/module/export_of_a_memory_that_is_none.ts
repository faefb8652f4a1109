/** Exports a function as its memory. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => {
    const bytes = pluginThat({ fields: [`(func (export "memorz") (param f64))`] });
    // The one that every plugin exports, and this one, change names.
    const latin1 = new TextDecoder("latin1").decode(bytes);
    const [own, other] = [latin1.indexOf("memory") + 5, latin1.indexOf("memorz") + 5];
    [bytes[own], bytes[other]] = [bytes[other]!, bytes[own]!];
    return bytes;
  },
  stopped: "nowhere",
};
