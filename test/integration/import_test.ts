/** The library as other projects import it: from an empty folder, by path and by URL. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { FAMILIES } from "../families/families.ts";
import { builtProgram } from "../support/built.ts";
import { withFolder } from "../support/target.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const LIBRARY = join(ROOT, "host/dist/mod.js");
const ROWS = '{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n';

/** A folder outside of the repository, with these modules and a file of rows, and nothing else. */
async function withProject(
  modules: Readonly<Record<string, string>>,
  use: (run: (...words: string[]) => Promise<{ ok: boolean; text: string }>) => Promise<void>,
): Promise<void> {
  await builtProgram();
  await withFolder(async (folder) => {
    for (const [name, text] of Object.entries({ ...modules, "nodes.ndjson": ROWS })) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    await use(async (...words) => {
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: words,
        cwd: folder,
        env: { NO_COLOR: "1" },
      }).output();
      const decoder = new TextDecoder();
      return { ok: success, text: decoder.decode(stdout) + decoder.decode(stderr) };
    });
  });
}

/** Where a program is to load to: backend type, URL, and how many lanes. */
type To = readonly [type: string, url: string, connections: string];

/** A database of every family, at once: a program takes longer to begin than to load. */
async function withDatabases(use: (to: readonly To[]) => Promise<void>): Promise<void> {
  const open = async (families: typeof FAMILIES, to: readonly To[]): Promise<void> => {
    const [family, ...more] = families;
    if (!family) return await use(to);
    // One of two lanes has a worker.
    const connections = family.quirks.oneWriter ? "1" : "2";
    await family.withDatabase(({ config }) =>
      open(more, [...to, [family.plugin, config.url, connections]])
    );
  };
  await open(FAMILIES, []);
}

/** Into each database it loads a file, rows of its own, and its own source code. */
const program = (from: string) => `
import { ast, builtPlugins, createHost, type LoadReport, ndjson, rows } from ${
  JSON.stringify(from)
};

for (const [type, url, connections] of JSON.parse(Deno.args[0]!) as [string, string, string][]) {
  await using host = await createHost({ plugins: builtPlugins() });
  const backend = await host.createBackend(type, { url });
  const loads: [ReturnType<typeof ndjson>, string][] = [
    [ndjson("nodes.ndjson"), "nodes"],
    [rows([{ id: 1n }]), "numbers"],
    [ast("main.ts"), "code"],
  ];
  const reports: LoadReport[] = [];
  for (const [source, table] of loads) {
    reports.push(await host.load(source, backend, { table, connections: Number(connections) }));
  }
  console.log(type, reports.map(({ committed }) => committed > 0).join(" "));
}
`;

Deno.test("the library loads from an empty folder, imported by its path or its file: URL", () =>
  withProject(
    { "main.ts": program(LIBRARY), "by_url.ts": program(`file://${LIBRARY}`) },
    async (run) => {
      assertEquals((await run("check", "main.ts", "by_url.ts")).ok, true);
      for (const module of ["main.ts", "by_url.ts"]) {
        await withDatabases(async (to) => {
          const { text } = await run("run", "-A", module, JSON.stringify(to));
          for (const [type] of to) assertStringIncludes(text, `${type} true true true\n`);
        });
      }
    },
  ));

Deno.test("the library's types tell an option that is misspelt, from an empty folder", () =>
  withProject({
    "main.ts": `
import { createHost, type LoadOptions } from ${JSON.stringify(LIBRARY)};
const options: LoadOptions = { table: "nodes", maxReject: { kind: "count", rowsMax: 1 } };
await createHost({ plugin: "./plugins" });
console.log(options);
`,
  }, async (run) => {
    const { ok, text } = await run("check", "main.ts");
    assertEquals(ok, false);
    assertStringIncludes(text, "Did you mean to write 'plugins'");
    assertStringIncludes(text, "Did you mean to write 'maxRejects'");
  }));

Deno.test("the library loads from an empty folder, imported over HTTP", async () => {
  const types: Record<string, string> = {
    js: "text/javascript",
    ts: "application/typescript",
    wasm: "application/wasm",
  };
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (r) => {
    const { pathname } = new URL(r.url);
    try {
      return new Response(await Deno.readFile(join(ROOT, pathname)), {
        headers: { "content-type": types[pathname.split(".").at(-1)!] ?? "text/plain" },
      });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  const main = `
import { builtPlugins, createHost, ndjson } from "${base}/host/dist/mod.js";
await using host = await createHost();
try {
  builtPlugins();
} catch (error) {
  console.log((error as Error).message);
}
for (const name of ${JSON.stringify(FAMILIES.map(({ plugin }) => plugin))}) {
  const response = await fetch(\`${base}/plugins/dist/\${name}.wasm\`);
  await host.registerPlugin(new Uint8Array(await response.arrayBuffer()));
}
for (const [type, url] of JSON.parse(Deno.args[0]!) as [string, string][]) {
  const backend = await host.createBackend(type, { url });
  console.log(type, (await host.load(ndjson("nodes.ndjson"), backend, { table: "nodes" })).committed);
}
`;
  await withProject({ "main.ts": main }, async (run) => {
    assertEquals((await run("check", "--allow-import", "main.ts")).ok, true);
    await withDatabases(async (to) => {
      const { ok, text } = await run("run", "-A", "main.ts", JSON.stringify(to));
      assertEquals(ok, true, text);
      assertStringIncludes(text, "hand its bytes to registerPlugin\n");
      for (const [type] of to) assertStringIncludes(text, `${type} 2\n`);
    });
  });
});
