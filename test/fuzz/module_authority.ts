/**
 * What a module that was let in may have, as the engine sees it: no import but those that this host
 * gives, and no export that somebody runs or reads by himself.
 */
import { CAPABILITIES, CAPABILITY_NAMESPACE } from "../../src/plugin_api/capability.ts";
import { capabilityNamed, type Grants } from "../../src/plan_policy/grant.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { KERNEL_FUNCTIONS, KERNEL_NAMESPACE } from "../../host/plugins/sandbox/vet.ts";

const PAGE_BYTES = 65_536;
/** Extism runs these, or looks at the first part of the name, the host at the second. */
const RESERVED = /^(_start|_initialize|hs_init)$|^_snakepipe_/;

/** What it has beyond that; nothing is the rule. The engine has to take the bytes as they are. */
export function authorityFaults(bytes: Uint8Array<ArrayBuffer>, grants: Grants): string[] {
  let module: WebAssembly.Module;
  try {
    module = new WebAssembly.Module(bytes);
  } catch (error) {
    return [`let in what is no module: ${error}`];
  }
  const imports = WebAssembly.Module.imports(module).filter(({ module: space, name, kind }) => {
    if (kind !== "function") return true;
    if (space === KERNEL_NAMESPACE) return !Object.hasOwn(KERNEL_FUNCTIONS, name);
    const capability = capabilityNamed(name);
    return space !== CAPABILITY_NAMESPACE || capability === undefined ||
      (CAPABILITIES[capability].granted === "by_name" && !grants.has(capability));
  });
  const exports = WebAssembly.Module.exports(module).filter(({ name }) => RESERVED.test(name));
  return [
    ...imports.map((found) => `let in with the import ${JSON.stringify(found)}`),
    ...exports.map((found) => `let in with the export ${JSON.stringify(found)}`),
  ];
}

/** What an instance has grown to beyond its bounds. */
export function sizeFaults(exports: WebAssembly.Exports): string[] {
  return Object.entries(exports).flatMap(([name, value]) => {
    if (value instanceof WebAssembly.Memory) {
      const pages = value.buffer.byteLength / PAGE_BYTES;
      return pages > LIMITS.guestPagesMax ? [`the memory ${name} has ${pages} pages`] : [];
    }
    if (value instanceof WebAssembly.Table) {
      const { length } = value;
      return length > LIMITS.tableElementsMax ? [`the table ${name} has ${length} elements`] : [];
    }
    return [];
  });
}
