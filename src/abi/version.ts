/** The version of the contract between host and plugin. A plugin of another version is refused. */
export const ABI_VERSION = 1;
