/** The token of the API, in its file. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readToken } from "../../../host/serve/token_file.ts";
import { LoadError } from "../../../mod.ts";
import { withFolder } from "../../support/target.ts";

Deno.test("token is made once, and refused where others can read it", () =>
  withFolder(async (folder) => {
    const file = join(folder, "token");
    const token = await readToken(file);
    assertEquals([token.length, await readToken(file)], [43, token]);
    assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
    await Deno.chmod(file, 0o644);
    assertStringIncludes((await refusal(file)).message, "chmod 600");
    await Deno.chmod(file, 0o600);
    await Deno.writeTextFile(file, "short\n");
    assertStringIncludes((await refusal(file)).message, "it holds no token");
  }));

async function refusal(file: string): Promise<LoadError> {
  return await assertRejects(() => readToken(file), LoadError) as LoadError;
}
