/** Files that are read while others write. */
import { assert } from "@std/assert";
import { join } from "@std/path";
import { readPlainFile } from "../../../host/platform/plain_file.ts";
import { withFolder } from "../../support/target.ts";

Deno.test("plain file that is replaced while it is read is the old one or the new one", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "0");
    for (let i = 1; i <= 1_000; i++) {
      const next = join(folder, `next ${i}`);
      await Deno.writeTextFile(next, `${i}`);
      const [bytes] = await Promise.all([readPlainFile(file, 100), Deno.rename(next, file)]);
      const text = new TextDecoder().decode(bytes);
      assert(text === `${i}` || text === `${i - 1}`, text);
    }
  }));
