/** A server that is not there, or cannot be trusted: told at once, and why. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { freePort } from "../../support/free_port.ts";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import { ProgramFolder, rowsText } from "./program.ts";

/** URLs of servers that are not there; `PORT` stands for one at which nobody listens. */
const NOBODY = {
  "postgres://me@127.0.0.1:PORT/x": "nothing listens there",
  "mysql://me@127.0.0.1:PORT/x": "nothing listens there",
  "http://127.0.0.1:PORT": "Nothing listens at the server's address",
  "ws://127.0.0.1:PORT": "Nothing listens at the server's address",
  "libsql://127.0.0.1:PORT?tls=0": "Nothing listens at the server's address",
  "https://127.0.0.1:PORT": "Nothing listens at the server's address",
  "https://nowhere.invalid": "The name of the server's host is not known",
};

for (const [url, reason] of Object.entries(NOBODY)) {
  Deno.test(`a server where nobody has ever answered is told at once: ${url}`, async () => {
    await using program = await ProgramFolder.create({ "rows.ndjson": rowsText(1) });
    const to = ["--to", url.replace("PORT", String(freePort())), "--table", "t"];
    const { status, err } = await program.run(["load", "rows.ndjson", ...to]);
    assertEquals([status, err.includes("retry ")], [1, false], err);
    assertStringIncludes(err, reason);
  });
}

Deno.test("a server whose certificate is not trusted is told at once", async () => {
  await using program = await ProgramFolder.create({ "rows.ndjson": rowsText(1) });
  await using server = startLibsqlServer(program.path("remote.db"), { tls: true });
  for (const url of [server.url, server.webSocketUrl]) {
    const { status, err } = await program.run(["load", "rows.ndjson", "--to", url, "--table", "t"]);
    assertEquals([status, err.includes("retry ")], [2, false], err);
    assertStringIncludes(err, "TLS failed: check the host's name, the server's certificate");
  }
});
