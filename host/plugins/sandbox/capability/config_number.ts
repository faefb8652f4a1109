import type { Call } from "../call.ts";

/** An integer setting, or a boolean one as 1 or 0; 0 where it is not set or no number. */
export function config_number(call: Call, name: bigint): bigint {
  const key = call.readText(name);
  const value = Object.hasOwn(call.settings, key) ? call.settings[key] : undefined;
  return typeof value === "number" || typeof value === "boolean"
    ? BigInt(Math.trunc(Number(value)))
    : 0n;
}
