/** A client on the database of a backend, by a session of the backend's own driver. */
import { parse } from "../../src/config/parse.ts";
import { compileConfigSchema } from "../../src/model/config_schema.ts";
import { LoadError } from "../../src/model/errors.ts";
import { createReferenceCodec } from "../codec/reference/reference_codec.ts";
import type { Connection } from "../drivers/driver.ts";
import { loadDriver } from "../drivers/load_driver.ts";
import type { PluginBackend } from "../plugins/plugin_backend.ts";
import { splitConfig } from "../plugins/plugin_config.ts";
import type { ConformanceClient } from "./trial.ts";

/** An error of a statement of the suite's, which is run as if it was one of the plugin's session. */
function ofTheSuite(error: LoadError): LoadError {
  const { code, blame, retry, vendorCode, message } = error;
  return new LoadError(message.replace("A statement of the plugin's session", "A statement"), {
    ...{ code, blame, retry, cause: error },
    ...(vendorCode === undefined ? {} : { vendorCode }),
  });
}

/** Such a client, and what ends its session. */
export interface DriverClient extends ConformanceClient {
  close(): Promise<void>;
}

/** Opens one by the settings that the backend was made with. @throws {LoadError} */
export async function openDriverClient(
  { plugin: { manifest } }: PluginBackend,
  settings: Readonly<Record<string, unknown>>,
): Promise<DriverClient> {
  const driver = await loadDriver(manifest.driver);
  const own = Object.entries(settings).filter(([name]) =>
    Object.hasOwn(driver.config.properties, name)
  );
  const config = parse(compileConfigSchema(driver.config), Object.fromEntries(own), {
    what: "The configuration",
    code: "config_invalid",
    blame: "config",
  });
  const { driverConfig } = splitConfig(config, driver, manifest.schemes);
  let connection: Connection | undefined;
  const opened = async () => {
    // After a call that threw, a connection is to be closed.
    return connection ??= await driver.connect(driverConfig, {
      codec: await createReferenceCodec(),
    });
  };
  const close = async () => {
    const ended = connection;
    connection = undefined;
    await ended?.close();
  };
  const asked = async <T>(act: (connection: Connection) => Promise<T>): Promise<T> => {
    try {
      return await act(await opened());
    } catch (error) {
      await close();
      throw error;
    }
  };
  return {
    close,
    execute: (sql) =>
      asked((connection) => connection.run([sql])).catch((error) => {
        throw error instanceof LoadError ? ofTheSuite(error) : error;
      }),
    read: (sql) =>
      asked((connection) => {
        if (connection.read) return connection.read(sql);
        throw new LoadError(`Driver ${driver.family} cannot be asked what a table has`, {
          code: "config_invalid",
          blame: "config",
        });
      }),
  };
}
