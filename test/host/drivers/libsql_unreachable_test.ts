/** Why a server cannot be reached, where the client only knows that it failed. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { kindOf } from "../../../host/drivers/libsql/failures.ts";
import { SessionError } from "../../../host/drivers/libsql/session.ts";
import { nearerReason } from "../../../host/drivers/libsql/unreachable.ts";

/** The code of what is known once a server was tried that failed. */
async function codeAt(url: string): Promise<string> {
  const error = await nearerReason(new SessionError("ENETWORK"), url, 50);
  if (!(error instanceof SessionError)) throw error;
  return error.code;
}

Deno.test("a server that takes connections and says nothing is not waited for without an end", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken: Deno.Conn[] = [];
  const taking = (async () => {
    for await (const connection of listener) taken.push(connection);
  })();
  const { port } = listener.addr;
  assertEquals(await codeAt(`https://127.0.0.1:${port}`), "TLS_FAILED");
  assertEquals(await codeAt(`http://127.0.0.1:${port}`), "ENETWORK");
  listener.close();
  await taking;
  for (const connection of taken) connection.close();
});

Deno.test("a connection that fails in a way that nobody knows leaves what was known", async () => {
  // Of which network this address is nobody says: Linux refuses it with EINVAL.
  assertNotEquals(kindOf(await codeAt("http://[fe80::1]")), "unknown");
});
