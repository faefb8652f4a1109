/** Factory backend creation: settings held to the schema, then created and connected, or refused. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError } from "../../mod.ts";
import { MemoryBackend } from "../support/memory_backend.ts";
import { ALL_FAMILIES } from "../families/families.ts";
import { openHost, TARGET_KINDS } from "../support/target.ts";

async function refusal(type: string, config: unknown): Promise<LoadError> {
  await using host = await openHost();
  return await assertRejects(() => host.createBackend(type, config), LoadError);
}

for (const kind of TARGET_KINDS) {
  Deno.test(`factory backend creation: ${kind.name} is created and connected`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      assertEquals((await backend.healthCheck()).status, "healthy");
    }));
}

Deno.test("factory backend creation: an unknown type is an error that lists what is there", async () => {
  const error = await refusal("oracle", {});
  assertEquals(error.code, "backend_unknown");
  assertStringIncludes(error.message, ALL_FAMILIES.map(({ plugin }) => plugin).sort().join(", "));
});

Deno.test("factory backend creation: every failing path is reported at once, with what was expected and what came", async () => {
  const error = await refusal("postgresql", { poolSize: 0, tls: "maybe", conectTimeoutMs: 5 });
  assertEquals(error.code, "config_invalid");
  const byPath = Object.fromEntries(error.issues.map((i) => [i.path, i.message]));
  assertStringIncludes(byPath.url!, "Missing");
  assertStringIncludes(byPath.poolSize!, "received 0");
  assertStringIncludes(byPath.tls!, "maybe");
  assertStringIncludes(byPath.conectTimeoutMs!, "connectTimeoutMs");
});

Deno.test("factory backend creation: a secret that is refused is not shown", async () => {
  for (const url of ["postgres://me:1234567@[oops/db", 1234567, ["1234567"]]) {
    const error = await refusal("postgresql", { url });
    assertEquals(error.code, "config_invalid");
    assertEquals(error.message.includes("1234567"), false);
  }
});

Deno.test("factory backend creation: a plugin's own settings are checked beside the driver's", async () => {
  const error = await refusal("libsql", { url: "libsql:x.db", synchronous: "sometimes" });
  assertStringIncludes(error.message, "synchronous");
  assertStringIncludes(error.message, "normal");
});

Deno.test("factory backend creation: settings that are no object are refused", async () => {
  for (const config of [null, 3, "x", []]) {
    assertEquals((await refusal("libsql", config)).code, "config_invalid");
  }
});

Deno.test("factory backend creation: what fails to connect leaves nothing behind", async () => {
  await using host = await openHost();
  host.registerBackend(
    "failing",
    class extends MemoryBackend {
      override connect(): Promise<void> {
        return Promise.reject(
          new LoadError("Down", { code: "connection_failed", blame: "database" }),
        );
      }
    },
    { type: "object", properties: {} },
  );
  await assertRejects(() => host.createBackend("failing", {}), LoadError, "Down");
  host.deregisterBackend("failing");
  assertEquals(host.discoverAvailableBackends().some((b) => b.type === "failing"), false);
});
