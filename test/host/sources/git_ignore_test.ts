import { assertEquals, assertStringIncludes } from "@std/assert";
import { listCode } from "../../../host/sources/ast_file_list.ts";
import { withFiles } from "./read_source.ts";

/** Rules of every kind, in three folders. */
const FILES: Readonly<Record<string, string>> = {
  ".gitignore": "# made\n/dist/\n*.gen.ts\n!keep.gen.ts\nlog?.js\nlib/**/old\n\\#odd.ts\nsecret\n",
  "a.ts": "1",
  "a.gen.ts": "1",
  "keep.gen.ts": "1",
  "log1.js": "1",
  "#odd.ts": "1",
  "dist/x.ts": "1",
  "dist/keep.gen.ts": "1",
  "sub/dist/x.ts": "1",
  "secret/a.ts": "1",
  "lib/a/b/old/x.ts": "1",
  "lib/a/new/x.ts": "1",
  "sub/.gitignore": "!*.gen.ts\n/only.ts\nbuild/*\n!build/kept.ts\n",
  "sub/a.gen.ts": "1",
  "sub/only.ts": "1",
  "sub/deep/only.ts": "1",
  "sub/build/x.ts": "1",
  "sub/build/kept.ts": "1",
  "sub/deep/.gitignore": "*.gen.ts\n",
  "sub/deep/b.gen.ts": "1",
  "vendor/.gitignore": "*\n!.gitignore\n",
  "vendor/x.ts": "1",
};

async function listed(directory: string, allFiles = false): Promise<string[]> {
  const options = { fileBytesMax: 100, include: undefined, allFiles, skip: () => {} };
  return (await listCode(directory, "", options)).map(({ file }) => file);
}

async function git(directory: string, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await new Deno.Command("git", {
    args: ["-c", "core.excludesFile=", "-c", "core.quotePath=false", ...args],
    cwd: directory,
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter((path) => /\.[jt]s$/.test(path));
}

Deno.test("source code is listed as git lists what it does not ignore", async () => {
  await withFiles(FILES, async (dir) => {
    await git(dir, "init", "-q");
    const others = ["ls-files", "--others", "--exclude-standard"];
    const all = await git(dir, ...others);
    assertEquals(await listed(dir), all.toSorted());
    assertEquals(all.includes("keep.gen.ts") && !all.includes("dist/keep.gen.ts"), true);
    // A folder of a repository is under the rules of those above it.
    for (const below of ["sub", "sub/deep", "lib"]) {
      assertEquals(
        await listed(`${dir}/${below}`),
        (await git(`${dir}/${below}`, ...others)).toSorted(),
      );
    }
    const every = Object.keys(FILES).filter((path) => /\.[jt]s$/.test(path));
    assertEquals(await listed(dir, true), every.toSorted());
  });
});

Deno.test("source code of a folder that is named itself is listed, whatever the folders above leave out", async () => {
  const files = {
    ".gitignore": "made/\n",
    "made/.gitignore": "c.ts\n",
    "made/a.ts": "1",
    "made/c.ts": "1",
    "made/below/b.ts": "1",
  };
  await withFiles(files, async (dir) => {
    await git(dir, "init", "-q");
    assertEquals(await listed(dir), []);
    assertEquals(await listed(`${dir}/made`), ["a.ts", "below/b.ts"]);
    assertEquals(await listed(`${dir}/made/below`), ["b.ts"]);
  });
});

Deno.test("source code is listed by its own .gitignore files where there is no repository", async () => {
  const files = {
    ".gitignore": "a.ts\n",
    "below/.gitignore": "b.ts\n",
    "below/a.ts": "1",
    "below/b.ts": "1",
  };
  await withFiles(files, async (dir) => {
    assertEquals(await listed(`${dir}/below`), ["a.ts"]);
    assertEquals(await listed(dir), []);
  });
});

Deno.test("source code of others is not listed, unless all files are asked for", async () => {
  const files = {
    "a.ts": "1",
    "node_modules/p/i.js": "1",
    "b/node_modules/q/i.js": "1",
    ".git/h.js": "1",
  };
  await withFiles(files, async (dir) => {
    assertEquals(await listed(dir), ["a.ts"]);
    assertEquals(await listed(dir, true), ["a.ts", "b/node_modules/q/i.js", "node_modules/p/i.js"]);
    assertEquals(await listed(`${dir}/node_modules/p`), ["i.js"], "what is named itself");
  });
});

Deno.test("a .gitignore that may not be read is refused, unless all files are asked for", async () => {
  await withFiles({ ".gitignore": "a.ts\n", "a.ts": "1", "below/b.ts": "1" }, async (dir) => {
    const program = `
import { listCode } from "./host/sources/ast_file_list.ts";
for (const allFiles of [false, true]) {
  const options = { fileBytesMax: 100, include: undefined, allFiles, skip: () => {} };
  await listCode(Deno.args[0], "", options).then(
    (files) => console.log(files.map(({ file }) => file).join()),
    (error) => console.log(error.code, error.message),
  );
}`;
    const root = new URL("../../../", import.meta.url);
    const path = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(path, program.replace("./host", `${root.href}host`));
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-prompt", `--config=${new URL("deno.json", root).pathname}`]
        .concat("--allow-read", `--deny-read=${dir}/.gitignore`, path, dir),
    }).output();
    await Deno.remove(path);
    const [refused, all] = new TextDecoder().decode(stdout).trim().split("\n");
    assertStringIncludes(
      refused!,
      `source_unreadable Cannot read ${await Deno.realPath(dir)}/.git`,
    );
    assertStringIncludes(refused!, "What it leaves out is not known");
    assertStringIncludes(refused!, "--all-files");
    assertEquals(all, "a.ts,below/b.ts");
  });
});
