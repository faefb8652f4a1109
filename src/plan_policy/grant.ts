/** What a plugin may import beyond what every plugin has. */
import { CAPABILITIES, type CapabilityName } from "../plugin_api/capability.ts";

/** Capability functions that the operator has granted to a plugin by name. */
export type Grants = ReadonlySet<CapabilityName>;

/** No grant: what every plugin has, and nothing else. */
export const NO_GRANTS: Grants = new Set();

/** Looks a capability up by a name that comes from a stranger: prototypes cannot answer. */
export function capabilityNamed(name: string): CapabilityName | undefined {
  return Object.hasOwn(CAPABILITIES, name) ? name as CapabilityName : undefined;
}

/** Whether a plugin with these grants may import the capability. */
export function isGranted(name: CapabilityName, grants: Grants): boolean {
  return CAPABILITIES[name].granted === "always" || grants.has(name);
}
