/** Passwords and tokens from files that are read again for each connection. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ConnectionManager } from "../../host/connections/manager.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { compileConfigSchema } from "../../src/model/config_schema.ts";
import { LoadError } from "../../src/model/errors.ts";
import { parse } from "../../src/config/parse.ts";
import { startLibsqlServer } from "../support/libsql_remote.ts";
import { TARGET_KINDS, withFolder } from "../support/target.ts";

/** A server that asks for a secret. */
interface Guarded {
  readonly family: string;
  /** The setting that holds it; the one of its file is called the same, and File. */
  readonly setting: string;
  readonly secret: string;
  /** Settings without it. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Every family whose test server has a password in its URL. */
const GUARDED = TARGET_KINDS.flatMap((kind) => {
  const use = (act: (server: Guarded) => Promise<void>) =>
    kind.use(async ({ config }) => {
      const url = new URL(config.url);
      const secret = decodeURIComponent(url.password);
      url.password = "";
      await act({
        family: kind.family.name,
        setting: "password",
        secret,
        config: { ...config, url: url.href },
      });
    });
  return kind.family.startServer ? [{ name: kind.name, use }] : [];
});

const TOKEN = {
  name: "a server that asks for a token",
  use: (act: (server: Guarded) => Promise<void>) =>
    withFolder(async (folder) => {
      await using server = startLibsqlServer(join(folder, "t.db"), { token: "hunter2x" });
      const config = { url: server.url };
      await act({ family: "libsql", setting: "authToken", secret: "hunter2x", config });
    }),
};

async function failure(work: Promise<unknown>): Promise<LoadError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof LoadError) return error;
    throw error;
  }
  throw new Error("It did not fail");
}

/** Opens one connection after another from one pool, whose connections are not kept. */
async function opener({ family, config }: Guarded, more: Readonly<Record<string, unknown>>) {
  const driver = await loadDriver(family);
  const whole = parse(compileConfigSchema(driver.config), { ...config, ...more, poolSize: 2 }, {
    what: "settings",
    code: "config_invalid",
    blame: "config",
  });
  const manager = new ConnectionManager();
  const request = {
    driver,
    config: whole,
    session: [],
    probe: "SELECT 1",
    role: "control",
  } as const;
  return { manager, lease: () => manager.getConnection(request) };
}

for (const { name, use } of [...GUARDED, TOKEN]) {
  Deno.test(`secret of a file: ${name}: it is read again for each connection`, () =>
    use((server) =>
      withFolder(async (folder) => {
        const { setting, secret } = server;
        const file = join(folder, "secret");
        await Deno.writeTextFile(file, `${secret}\n`);
        const { manager, lease } = await opener(server, { [`${setting}File`]: file });
        try {
          const first = await lease();
          assert(await first.connection.probe("SELECT 1"));
          await Deno.writeTextFile(file, "wrong");
          assert((await first.connection.probe("SELECT 1")).text === "1", "the first one lives on");
          const error = await failure(
            lease().then(({ connection }) => connection.probe("SELECT 1")),
          );
          assertEquals(error.code, "authentication_failed", error.message);
          assert(!error.message.includes(secret));
          await Deno.writeTextFile(file, `${secret}\r\n`);
          const second = await lease();
          assertEquals((await second.connection.probe("SELECT 1")).text, "1");
          await Promise.all([first.release(), second.release()]);
        } finally {
          await manager.close();
        }
      })
    ));

  Deno.test(`secret of a file: ${name}: what is wrong with the file is said`, () =>
    use((server) =>
      withFolder(async (folder) => {
        const { setting } = server;
        const file = join(folder, "secret");
        const said = async (more: Readonly<Record<string, unknown>>) => {
          const { manager, lease } = await opener(server, more);
          try {
            const { code, message } = await failure(lease());
            assertEquals(code, "config_invalid");
            return message;
          } finally {
            await manager.close();
          }
        };
        const named = { [`${setting}File`]: file };
        assertStringIncludes(await said(named), `${setting}File names ${file}, which is not there`);
        await Deno.writeTextFile(file, "\n");
        assertStringIncludes(await said(named), "which is empty");
        await Deno.writeTextFile(file, "x");
        const both = await said({ ...named, [setting]: "hunter2y" });
        assertStringIncludes(both, `stands beside ${setting}`);
        assert(!both.includes("hunter2y"));
        assertStringIncludes(await said({ [`${setting}File`]: folder }), "which is a directory");
      })
    ));
}
