/** The lines by which README installs the program. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { ProgramFolder } from "./program.ts";

const CLONE = fromFileUrl(new URL("../../../", import.meta.url));

Deno.test("README's lines install a program that has its packages, for a user who has none, anywhere", async () => {
  const readme = await Deno.readTextFile(join(CLONE, "README.md"));
  const [, lines = ""] = /## Install[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];
  const [build, ...install] = lines.split("\n");
  assertStringIncludes(build ?? "", "deno task build");
  // In the folder of another project, whose packages are not the program's.
  await using place = await ProgramFolder.create({
    "deno.json": '{ "nodeModulesDir": "none" }',
    "t.csv": "id\n1\n",
    "code.ts": "const one = 1;\n",
  });
  await Deno.mkdir(place.path("bin"));
  await Deno.symlink(Deno.execPath(), place.path("bin/deno"));
  const env = {
    HOME: place.folder,
    PATH: `${place.path("bin")}:/usr/bin:/bin`,
    DENO_DIR: place.path("cache"),
  };
  const sh = async (script: string, cwd: string) => {
    const { code, stderr } = await new Deno.Command("sh", { args: ["-c", script], cwd, env })
      .output();
    const err = new TextDecoder().decode(stderr);
    assertEquals(code, 0, err);
    return err;
  };
  await sh(install.join("\n"), CLONE);
  for (const load of ["t.csv --to duckdb:t.duckdb", "ast:code.ts --to libsql:t.db"]) {
    const err = await sh(`"$HOME/.local/bin/snakepipe" load ${load}`, place.folder);
    assert(!err.includes(".tgz"), `it is downloaded: ${err}`);
  }
});
