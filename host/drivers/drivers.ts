/** Every driver family, one line each. */
import { LoadError, messageOf } from "../../src/errors.ts";
import type { Driver } from "./driver.ts";

const FAMILIES: Readonly<Record<string, () => Promise<Driver>>> = {
  libsql: async () => (await import("./libsql/driver.ts")).libsqlDriver,
  postgres: async () => (await import("./postgres/driver.ts")).postgresDriver,
};

/** To import a module again that is there already still costs a tenth of a millisecond. */
const loaded = new Map<string, Driver>();

/** Families that this host has drivers for, sorted. */
export const DRIVER_FAMILIES: readonly string[] = Object.keys(FAMILIES).sort();

/**
 * The driver of a family.
 *
 * @throws {LoadError} `plugin_manifest` where there is none, `backend_unavailable` where its client
 * library does not load, as for want of a binary for the platform
 */
export async function loadDriver(family: string): Promise<Driver> {
  if (!Object.hasOwn(FAMILIES, family)) {
    throw new LoadError(
      `Unknown driver family: ${family}, known are ${DRIVER_FAMILIES.join(", ")}`,
      {
        code: "plugin_manifest",
        blame: "plugin",
      },
    );
  }
  try {
    let driver = loaded.get(family);
    if (!driver) loaded.set(family, driver = await FAMILIES[family]!());
    return driver;
  } catch (error) {
    throw new LoadError(`Driver ${family} cannot be loaded on this machine: ${messageOf(error)}`, {
      code: "backend_unavailable",
      blame: "host",
      cause: error,
    });
  }
}
