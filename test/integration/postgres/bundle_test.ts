/** What of the bundled program only this family has. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startPostgres } from "../../support/postgres_server.ts";
import { ProgramFolder } from "../cli/program.ts";

Deno.test("bundled program binds a password to the server's certificate", async () => {
  await using server = await startPostgres({ fsync: false, tls: true });
  await using place = await ProgramFolder.create({ "rows.ndjson": '{"id":1}' });
  const url = `${server.superuserUrl}?channel_binding=require`;
  const args = ["load", "rows.ndjson", "--table", "t", "--to"];
  const { status, err } = await place.run([...args, url]);
  assertEquals(status, 0, err);
  const wrong = await place.run([...args, url.replace(server.password, "wrong")]);
  assertEquals(wrong.status, 2);
  assertStringIncludes(wrong.err, "the server refused user or password");
});
