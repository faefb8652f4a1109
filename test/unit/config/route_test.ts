import { assert, assertEquals, assertThrows } from "@std/assert";
import { type ConfigFile, NO_CONFIG } from "../../../src/config/config_content.ts";
import {
  chooseTarget as choose,
  patternFits,
  type TargetRequest,
} from "../../../src/config/route.ts";
import { LoadError } from "../../../src/model/errors.ts";

const LITE = { type: "libsql", settings: { url: "libsql:ast.db" } };
const MAIN = { type: "postgresql", settings: { url: "postgres://me@host/ast" } };
const CONFIG: ConfigFile = {
  default: "lite",
  backends: new Map([["lite", LITE], ["main", MAIN]]),
  routes: [{ table: "ast.*", backend: "main" }, { table: "*_log", backend: "main" }],
  loads: new Map(),
  secrets: [],
};

/** Chooses where people who have named no target are shown these. */
function chooseTarget(config: ConfigFile, request: Omit<TargetRequest, "examples">) {
  return choose(config, { ...request, examples: ["lite:a.db", "main://user@host"] });
}

Deno.test("pattern fits with * for any characters", () => {
  const fits: [string, string][] = [
    ["nodes", "nodes"],
    ["*", ""],
    ["*", "nodes"],
    ["ast.*", "ast.nodes"],
    ["*_log", "web_log"],
    ["a*b*c", "aXbYc"],
    ["a*b*c", "abbc"],
    ["a**c", "ac"],
    ["n.des", "n.des"],
  ];
  for (const [pattern, table] of fits) assert(patternFits(pattern, table), `${pattern} ${table}`);
  const misses: [string, string][] = [
    ["nodes", "nodes2"],
    ["nodes", "Nodes"],
    ["n.des", "nodes"],
    ["ast.*", "ast"],
    ["*_log", "web_logs"],
    ["a*b*c", "aXcYb"],
    ["ab*ba", "aba"],
    ["", "nodes"],
  ];
  for (const [pattern, table] of misses) {
    assert(!patternFits(pattern, table), `${pattern} ${table}`);
  }
});

Deno.test("pattern of many stars takes no time", () => {
  assert(!patternFits("a*".repeat(2_000) + "b", "a".repeat(20_000)));
});

Deno.test("target is the backend of that name before anything else", () => {
  const target = chooseTarget(CONFIG, { to: "main", table: "nodes" });
  assertEquals(target, { kind: "named", name: "main", backend: MAIN });
});

Deno.test("target is a URL, whose scheme picks the backend", () => {
  const schemes: [string, string][] = [
    ["libsql:ast.db", "libsql"],
    ["LIBSQL://host", "libsql"],
    ["postgres://me@localhost/ast", "postgres"],
  ];
  for (const [url, scheme] of schemes) {
    assertEquals(chooseTarget(NO_CONFIG, { to: url }), { kind: "url", scheme, url });
  }
});

Deno.test("target is that of the first route that fits, else the default", () => {
  const nameOf = (table?: string) => {
    const target = chooseTarget(CONFIG, table === undefined ? {} : { table });
    return target.kind === "named" ? target.name : target.url;
  };
  assertEquals(nameOf("ast.nodes"), "main");
  assertEquals(nameOf("web_log"), "main");
  assertEquals(nameOf("nodes"), "lite");
  assertEquals(nameOf(), "lite");
});

Deno.test("target that is nowhere is an error that lists what is there", () => {
  const { default: _, ...routed } = CONFIG;
  const error = assertThrows(() => chooseTarget(routed, { table: "nodes" }), LoadError);
  assertEquals(error.code, "usage");
  for (const piece of ["nodes", "lite, main", "ast.* to main", "--to"]) {
    assert(error.message.includes(piece), error.message);
  }
  const none = assertThrows(() => chooseTarget(NO_CONFIG, { table: "nodes" }), LoadError);
  assert(none.message.includes("as in --to lite:a.db or main://user@host"), none.message);
  const name = assertThrows(() => chooseTarget(CONFIG, { to: "mian" }), LoadError);
  for (const piece of ["mian", "lite, main", "a URL, such as lite:a.db or main://user@host"]) {
    assert(name.message.includes(piece), name.message);
  }
});

Deno.test("target that is neither name nor URL is not repeated where it may be a secret", () => {
  const error = assertThrows(() => chooseTarget(CONFIG, { to: "//me:hunter2@host" }), LoadError);
  assert(!error.message.includes("hunter2"), error.message);
});

Deno.test("target: where one is expected, several in one text are refused, and not repeated", () => {
  for (const to of ["lite:a.db,other://u:hunter2@h/d", "lite:a.db,lite:b.db", "lite:a.db,main"]) {
    const error = assertThrows(() => chooseTarget(CONFIG, { to }), LoadError);
    assertEquals(error.code, "usage");
    assert(/another begins behind a comma/.test(error.message), error.message);
    assert(!/hunter2|a\.db/.test(error.message), error.message);
  }
  for (const to of ["lite:a,b.db", "main://u@h1,lite:5432/d"]) {
    assertEquals(chooseTarget(CONFIG, { to }).kind, "url");
  }
});
