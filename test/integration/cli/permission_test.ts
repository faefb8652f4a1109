/** The program with the least that it needs, and with a little less. README names these sets. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { ProgramFolder, rowsText } from "./program.ts";

const HOST = fromFileUrl(new URL("../../../host", import.meta.url));
const PLUGINS = fromFileUrl(new URL("../../../plugins/dist", import.meta.url));
/** Files of the program: its worker and PostgreSQL's parser; the codec. */
const DIST = join(HOST, "dist");
const CODEC = join(HOST, "codec/dist/codec.wasm");
/** Looked for, even where there is none: it could forbid what is to be done. */
const CONFIG = "snakepipe.jsonc";

/** What is granted, by the words of the flags. */
type Permissions = Readonly<Record<string, readonly string[]>>;

interface Case {
  readonly words: readonly string[];
  readonly permissions: Permissions;
  /** Run before each time, with all permissions. */
  readonly before?: () => Promise<void>;
}

/** Runs with exactly these permissions, and then without each of them. */
async function runsWithNoLess(place: ProgramFolder, { words, permissions, before }: Case) {
  await before?.();
  const whole = await place.run(words, { flags: flagsOf(permissions) });
  assertEquals([whole.status, whole.err], [0, ""], words.join(" "));
  for (const [flag, values] of Object.entries(permissions)) {
    for (const value of values) {
      const fewer = { ...permissions, [flag]: values.filter((other) => other !== value) };
      await before?.();
      const { status, err } = await place.run(words, { flags: flagsOf(fewer) });
      const about = `${words.join(" ")} without ${flag} ${value}: ${err}`;
      assert(status === 1 || status === 2, about);
      // The file within a folder, or the absolute path, may be what is named.
      const named = [...err.matchAll(/Deno was not given --allow-(\w+)=(\S+)/g)];
      assertEquals(named.map(([, name]) => name), [flag], about);
      assertStringIncludes(named[0]![2]!, value.split("/").at(-1)!, about);
      assertEquals(/defect|\n\s+at |Uncaught/.test(err), false, about);
    }
  }
}

function flagsOf(permissions: Permissions): string[] {
  const granted = Object.entries(permissions).filter(([, values]) => values.length > 0);
  return [
    "--no-prompt",
    ...granted.map(([flag, values]) => `--allow-${flag}=${values.join(",")}`),
  ];
}

/** Blank lines, for which a source is not small: SQLite is then written by a worker. */
const BLANK_LINES = "\n".repeat(300_000);

/** A folder with plugins that nothing was recorded of, which a run could go without. */
async function newFolder(): Promise<ProgramFolder> {
  const files = { "nodes.ndjson": rowsText(3) + BLANK_LINES, "small.ndjson": rowsText(3) };
  const place = await ProgramFolder.create(files);
  await Deno.mkdir(place.path("plugins"));
  for (const name of ["libsql.wasm", "postgresql.wasm"]) {
    await Deno.copyFile(join(PLUGINS, name), place.path(`plugins/${name}`));
  }
  return place;
}

const LOAD = ["load", "nodes.ndjson", "--plugins", "plugins", "--table", "nodes", "--fresh"];
const READ = [CONFIG, "nodes.ndjson", "plugins", DIST, CODEC];

Deno.test("a load into a libSQL file reads and writes what it names, and nothing else", async () => {
  await using place = await newFolder();
  await runsWithNoLess(place, {
    words: [...LOAD, "--quiet", "--to", "libsql:ast.db"],
    permissions: { read: [...READ, "ast.db"], write: ["ast.db"] },
  });
});

Deno.test("a small load into a libSQL file has no worker, whose file is not read", async () => {
  await using place = await newFolder();
  const [, , ...rest] = LOAD;
  await runsWithNoLess(place, {
    words: ["load", "small.ndjson", ...rest, "--quiet", "--to", "libsql:ast.db"],
    permissions: {
      read: [CONFIG, "small.ndjson", "plugins", CODEC, "ast.db"],
      write: ["ast.db"],
    },
  });
});

Deno.test("a load of source code reads it, the parser and its grammars", async () => {
  await using place = await newFolder();
  await Deno.mkdir(place.path("code"));
  await Deno.writeTextFile(place.path("code/a.js"), "let a = 1;\n");
  const packages = ["web-tree-sitter", "tree-sitter-wasms"].map((name) =>
    Deno.realPath(join(HOST, "../node_modules", name))
  );
  await runsWithNoLess(place, {
    words: ["load", "ast:code", ...LOAD.slice(2), "--quiet", "--to", "libsql:ast.db"],
    permissions: {
      read: [CONFIG, "code", "plugins", DIST, CODEC, "ast.db", ...await Promise.all(packages)],
      write: ["ast.db"],
    },
  });
});

Deno.test("a load into a libSQL server needs the network alone beside its files", async () => {
  await using place = await newFolder();
  await using server = startLibsqlServer(place.path("server.db"));
  const net = [new URL(server.url).host];
  for (const to of [server.url, server.webSocketUrl]) {
    await runsWithNoLess(place, {
      words: [...LOAD, "--quiet", "--to", to],
      permissions: { read: READ, net },
    });
  }
});

Deno.test("a load into PostgreSQL needs its host, or its socket, beside its files", () =>
  withDatabase(async (url, _sql, socketUrl) => {
    await using place = await newFolder();
    const { host, port, searchParams } = new URL(url);
    await runsWithNoLess(place, {
      words: [...LOAD, "--quiet", "--to", url],
      permissions: { read: READ, net: [host] },
    });
    // A name is looked up first; a second connection has a worker.
    await runsWithNoLess(place, {
      words: [
        ...[...LOAD, "--quiet", "--connections", "2"],
        ...["--to", url.replace(host, `localhost:${port}`)],
      ],
      permissions: { read: READ, net: [`localhost:${port}`] },
    });
    assertEquals(searchParams.size, 0);
    const folder = new URL(socketUrl.replace("@/", "@h/")).searchParams.get("host")!;
    const socket = `${folder}/.s.PGSQL.${port}`;
    await runsWithNoLess(place, {
      words: [...LOAD, "--quiet", "--to", socketUrl],
      permissions: { read: [...READ, socket], write: [socket], net: [`unix:${socket}`] },
    });
  }));

Deno.test("what was loaded into a libSQL file, and what a dry run would load, is read alone", async () => {
  await using place = await newFolder();
  const load = ["load", "small.ndjson", "--plugins", "plugins", "--table", "nodes"];
  const target = ["--to", "libsql:ast.db"];
  assertEquals((await place.run([...load, ...target, "--quiet"])).status, 0);
  const read = [CONFIG, "plugins", "ast.db"];
  await runsWithNoLess(place, {
    words: ["loads", "--plugins", "plugins", ...target],
    permissions: { read },
  });
  await runsWithNoLess(place, {
    words: [...load, ...target, "--dry-run"],
    permissions: { read: [...read, "small.ndjson"] },
  });
});

Deno.test("what looks at plugins reads them, and what grants writes their lock", async () => {
  await using place = await newFolder();
  const folder = ["--plugins", "plugins"];
  await runsWithNoLess(place, {
    words: ["backends", ...folder],
    permissions: { read: [CONFIG, "plugins"] },
  });
  await runsWithNoLess(place, {
    words: ["check", "plugins/libsql.wasm"],
    permissions: { read: ["plugins/plugins.lock", "plugins/libsql.wasm"] },
  });
  await runsWithNoLess(place, {
    words: ["check", "plugins/postgresql.wasm"],
    permissions: { read: ["plugins/plugins.lock", "plugins/postgresql.wasm", DIST] },
  });
  await runsWithNoLess(place, {
    words: ["grant", "libsql.wasm", ...folder],
    permissions: { read: [CONFIG, "plugins"], write: ["plugins"] },
  });
});

const REJECTS = "kept/rejects.ndjson";

Deno.test("a replay of rejects reads and writes their file, and the target", async () => {
  await using place = await newFolder();
  const target = ["--plugins", "plugins", "--to", "libsql:ast.db", "--table", "nodes"];
  await Deno.mkdir(place.path("kept"));
  const row = { id: 1, name: "a" };
  const before = async () => {
    for (const file of ["ast.db", REJECTS]) {
      await Deno.remove(place.path(file)).catch(() => {});
    }
    await Deno.writeTextFile(place.path("bad.ndjson"), `${JSON.stringify(row)}\n{"id":\n`);
    const words = [
      "load",
      "bad.ndjson",
      ...target,
      "--max-rejects",
      "1",
      "--rejects",
      REJECTS,
    ];
    assertEquals((await place.run(words)).status, 0);
    const line = JSON.parse(await Deno.readTextFile(place.path(REJECTS)));
    const corrected = JSON.stringify({ ...line, row: { id: 2, name: "b" } });
    await Deno.writeTextFile(place.path(REJECTS), `${corrected}\n`);
  };
  // A draft stands beside the file, under a name that nobody knows before.
  await runsWithNoLess(place, {
    words: ["rejects", "replay", REJECTS, "--quiet", ...target],
    permissions: {
      read: [CONFIG, "plugins", DIST, CODEC, "ast.db", "kept"],
      write: ["ast.db", "kept"],
    },
    before,
  });
});

Deno.test("a file or a variable that a load names beside is told by its flag", async () => {
  await using place = await newFolder();
  await Deno.writeTextFile(place.path("env.jsonc"), '{ "audit": "${AUDIT_FILE}" }');
  const permissions = { read: [...READ, "ast.db", "env.jsonc"], write: ["ast.db"] };
  const cases: [words: string[], flag: string][] = [
    [["--schema", "schema.json"], "--allow-read=schema.json"],
    [["--audit", "audit.ndjson"], "--allow-read=audit.ndjson"],
    [["--rejects", "rejects.ndjson"], "--allow-read=rejects.ndjson"],
    [["--config", "other.jsonc"], "--allow-read=other.jsonc"],
    [["--config", "env.jsonc"], "--allow-env=AUDIT_FILE"],
    [["--set", "engine=libsql"], "--allow-env=LIBSQL_JS_DEV"],
  ];
  for (const [words, flag] of cases) {
    const { status, err } = await place.run([...LOAD, "--to", "libsql:ast.db", ...words], {
      flags: flagsOf(permissions),
    });
    assertEquals(status, 2, err);
    assertStringIncludes(err, `Deno was not given ${flag}`);
    assertEquals(/defect|\n\s+at |Uncaught/.test(err), false, err);
  }
});

Deno.test("a load on the native engine is told of each kind of permission that it lacks", async () => {
  await using place = await newFolder();
  const words = [...LOAD, "--to", "libsql:ast.db", "--set", "engine=libsql", "--quiet"];
  // Its own code reads and writes whatever it likes, once it is loaded.
  const kinds = ["read", "env", "sys", "ffi"];
  const given = (left: readonly string[]) => left.map((kind) => `--allow-${kind}`);
  const whole = await place.run(words, { flags: ["--no-prompt", ...given(kinds)] });
  assertEquals([whole.status, whole.err], [0, ""]);
  for (const kind of kinds) {
    const flags = ["--no-prompt", ...given(kinds.filter((other) => other !== kind))];
    const { status, err } = await place.run(words, { flags });
    assertEquals(status, 2, err);
    assertStringIncludes(err, `Deno was not given --allow-${kind}=`);
    assertEquals(/defect|\n\s+at |Uncaught/.test(err), false, err);
  }
});
