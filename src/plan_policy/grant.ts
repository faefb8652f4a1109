/** What a plugin may import and say beyond what every plugin may. */
import { CAPABILITIES, type CapabilityName } from "../plugin_api/capability.ts";
import type { WordGrant } from "../plugin_api/words.ts";

/** The name of something that is granted: a capability function, or a word as in `type:vector`. */
export type GrantName = CapabilityName | WordGrant;

/** Capability functions and words that the operator has granted to a plugin by name. */
export type Grants = ReadonlySet<GrantName>;

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
