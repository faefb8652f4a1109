/** The version of the contract between host and plugin. A plugin of another version is refused. */
export const ABI_VERSION = 2;

/** Functions that plugins of an earlier version import, and the last version that had them. */
export const FORMER_CAPABILITIES: Readonly<Record<string, number>> = { sql_copy: 1 };

/** Why a plugin of another version is refused, and what to do. */
export function versionRefusal(version: number): string {
  const way = version < ABI_VERSION
    ? `build it again with the kit of this host, or ask whoever made it for a build for ${ABI_VERSION}`
    : `load with a newer snakepipe, or ask whoever made it for a build for ${ABI_VERSION}`;
  return `it was built for version ${version} of the contract between host and plugin, and this ` +
    `host has version ${ABI_VERSION}: ${way}`;
}
