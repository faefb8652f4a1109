import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { readConfig } from "../../../src/config/config_content.ts";
import { LoadError } from "../../../src/model/errors.ts";

function read(json: unknown, variables: Record<string, string> = {}) {
  return readConfig(json, {
    file: "snakepipe.jsonc",
    lookup: (name) => variables[name],
    resolve: (path) => path.startsWith("/") ? path : `/etc/snake pipe/${path}`,
  });
}

function failureOf(json: unknown, variables: Record<string, string> = {}): LoadError {
  const error = assertThrows(() => read(json, variables), LoadError);
  assertInstanceOf(error, LoadError);
  return error;
}

Deno.test("configuration is read with its backends, routes and secrets", () => {
  const config = read({
    plugins: "plugins",
    audit: "/var/log/audit.ndjson",
    default: "lite",
    backends: {
      lite: { type: "libsql", url: "libsql:ast.db", poolSize: 3 },
      main: { type: "postgresql", url: "postgres://me@host/ast", password: "${PGPASSWORD}" },
    },
    routes: [{ table: "nodes_*", backend: "main" }],
  }, { PGPASSWORD: "hunter2" });
  assertEquals(config.plugins, "/etc/snake pipe/plugins");
  assertEquals(config.audit, "/var/log/audit.ndjson");
  assertEquals(config.default, "lite");
  assertEquals(config.routes, [{ table: "nodes_*", backend: "main" }]);
  assertEquals(config.secrets, ["hunter2"]);
  assertEquals([...config.backends], [
    ["lite", { type: "libsql", settings: { url: "libsql:/etc/snake pipe/ast.db", poolSize: 3 } }],
    ["main", {
      type: "postgresql",
      settings: { url: "postgres://me@host/ast", password: "hunter2" },
    }],
  ]);
});

Deno.test("configuration may be empty", () => {
  const config = read({});
  assertEquals([config.backends.size, config.routes, config.default], [0, [], undefined]);
});

Deno.test("configuration takes relative paths from its own folder", () => {
  const settings = (url: string) =>
    read({ backends: { b: { type: "t", url } } }).backends.get("b")?.settings;
  assertEquals(settings("libsql:data/ast.db"), { url: "libsql:/etc/snake pipe/data/ast.db" });
  assertEquals(settings("file:a%20b.db"), { url: "file:/etc/snake%20pipe/a%20b.db" });
  for (
    const url of ["libsql:/data/ast.db", "libsql://host", "libsql::memory:", "postgres://h/d", "x"]
  ) {
    assertEquals(settings(url), { url });
  }
  const file = read({ backends: { b: { type: "t", tlsCaFile: "ca.pem", other: "ca.pem" } } });
  assertEquals(file.backends.get("b")?.settings, {
    tlsCaFile: "/etc/snake pipe/ca.pem",
    other: "ca.pem",
  });
});

Deno.test("configuration reports every failing path at once", () => {
  const error = failureOf({
    plugin: "x",
    audit: 3,
    plugins: "${",
    default: "nope",
    backends: {
      "a b": { type: "x" },
      main: { tipe: "x", list: [1] },
      url: "postgres://me@host/db",
    },
    routes: [{ table: "", backend: "main" }, { table: "t", backend: "gone", more: 1 }, 5],
  });
  assertEquals(error.code, "config_invalid");
  assertEquals(error.blame, "config");
  const paths = new Set(error.issues.map((issue) => issue.path));
  for (
    const path of [
      "plugin",
      "audit",
      "plugins",
      "default",
      "backends.a b",
      "backends.main.type",
      "backends.main.list",
      "backends.url",
      "routes.0.table",
      "routes.1.backend",
      "routes.1.more",
      "routes.2",
    ]
  ) assert(paths.has(path), `${path} is missing in\n${error.message}`);
  for (const issue of error.issues) {
    assert(error.message.includes(`  ${issue.path}: ${issue.message}`));
  }
});

Deno.test("configuration must be an object", () => {
  for (const json of [null, [], "text", 5, undefined]) {
    assertEquals(failureOf(json).code, "config_invalid");
  }
});

Deno.test("configuration names every missing variable at once", () => {
  const error = failureOf({
    backends: {
      one: { type: "x", url: "${ONE_URL}", password: "${ONE_PASSWORD}" },
      two: { type: "x", url: "a${TWO_URL}" },
    },
    default: "${WHERE}",
  }, { TWO_URL: "" });
  assertEquals(error.code, "env_missing");
  assertEquals(error.issues, [
    { path: "backends.one.url", message: "Environment variable ONE_URL is not set" },
    { path: "backends.one.password", message: "Environment variable ONE_PASSWORD is not set" },
    { path: "backends.two.url", message: "Environment variable TWO_URL is empty" },
    { path: "default", message: "Environment variable WHERE is not set" },
  ]);
});

Deno.test("configuration reports missing variables beside what else is wrong", () => {
  const error = failureOf({ audit: "${NOT_SET}", routs: [] });
  assertEquals(error.code, "config_invalid");
  assertEquals(error.issues.map((issue) => issue.path).sort(), ["audit", "routs"]);
});

Deno.test("configuration lists the backends where a name is unknown", () => {
  const { message } = failureOf({ default: "mian", backends: { main: { type: "x" } } });
  assert(message.includes("default: No backend is named mian, there are: main"), message);
});

Deno.test("configuration repeats no value in its messages", () => {
  const secret = "hunter2";
  const url = `postgres://me:${secret}@host/db`;
  const wrong: unknown[] = [
    url,
    [url],
    { default: url, backends: { main: url }, routes: url },
    { backends: url, routes: [url, { table: "t", backend: url }] },
    { backends: { main: { type: [secret], url: { secret } } } },
    { plugins: { secret }, audit: [secret] },
    { default: "${SECRET}", routes: "${SECRET}", backends: { main: "${SECRET}" } },
    { default: `\${${secret}` },
  ];
  for (const json of wrong) {
    const error = failureOf(json, { SECRET: secret });
    assert(!error.message.includes(secret), error.message);
    assert(!JSON.stringify(error.issues).includes(secret), error.message);
  }
});

Deno.test("configuration tells in words what was expected", () => {
  const cases: [json: unknown, said: string][] = [
    [{ backends: [] }, "backends: Expected an object of backends by name"],
    [{ backends: { a: "libsql:x.db" } }, "backends.a: Expected an object with a type and"],
    [{ backends: { a: { type: "t", url: null } } }, "backends.a.url: Expected a string, a number"],
    [{ routes: {} }, "routes: Expected a list of routes"],
    [{ locked: "yes" }, "locked: Expected true or false"],
    [{ trustedKeys: [] }, "trustedKeys: Expected at least one key"],
    [{ plugins: 5 }, "plugins: Expected a string"],
    [{ backend: {} }, "backend: Unknown name, did you mean backends?"],
  ];
  for (const [json, said] of cases) assert(failureOf(json).message.includes(`  ${said}`), said);
});

Deno.test("configuration: names that every object has are refused or are names like others", () => {
  const read = (text: string) =>
    readConfig(JSON.parse(text), {
      file: "snakepipe.jsonc",
      lookup: () => undefined,
      resolve: (path) => path,
    });
  const text = (name: string) =>
    `{"backends":{"y":{"type":"libsql"},"${name}":{"type":"libsql"}},"loads":{"${name}":{"source":"a",` +
    `"to":{"by":"t","values":{"${name}":"y"},"else":"y"}}}}`;
  for (const name of ["__proto__", "constructor", "prototype"]) {
    const error: LoadError = assertThrows(() => read(text(name)), LoadError);
    const paths = error.issues.map(({ path }) => path);
    for (const  of of[`backends.${name}`, `loads.${name}`]) {
      assertEquals(paths.includes(of), true, of);
    }
    const valueOnly = text("load").replace('{"load":"y"}', `{"${name}":"y"}`);
    assertThrows(() => read(valueOnly), LoadError, `loads.load.to.values.${name}`);
  }
  const config = read(text("toString"));
  assertEquals([[...config.backends.keys()], [...config.loads.keys()]], [["y", "toString"], [
    "toString",
  ]]);
  assertEquals(JSON.stringify(config.loads.get("toString")!.to).includes('"toString":"y"'), true);
});
