import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { LoadError } from "../../../../src/model/errors.ts";
import { LIMITS } from "../../../../src/model/limits.ts";
import { NO_GRANTS } from "../../../../src/plan_policy/grant.ts";
import { DecodeError } from "../../../../host/plugins/sandbox/byte_reader.ts";
import { decodeModule } from "../../../../host/plugins/sandbox/decode.ts";
import { admitPlugin } from "../../../../host/plugins/sandbox/plugin.ts";
import { parseStrictJson, StrictJsonError } from "../../../../host/plugins/sandbox/strict_json.ts";
import { assemble, MANIFEST, samplePlugin } from "../../../support/wasm_text.ts";

const FILE = "folder/sample.wasm";

async function refusal(bytes: Uint8Array): Promise<LoadError> {
  return await assertRejects(
    () => admitPlugin(bytes, { file: FILE, grants: NO_GRANTS }),
    LoadError,
  );
}

Deno.test("sandbox admits a plugin and reads its manifest, hash and imports", async () => {
  const bytes = samplePlugin({ capabilities: ["sql_prepare", "batch_mode"] });
  const plugin = await admitPlugin(bytes, { file: FILE, grants: NO_GRANTS });
  assertEquals(plugin.manifest.version, "1.2.3");
  assertEquals(plugin.imports, ["batch_mode", "sql_prepare"]);
  assertMatch(plugin.sha256, /^[0-9a-f]{64}$/);
  assertEquals(plugin.bytes, bytes.length);
});

Deno.test("sandbox runs the bytes that it hashed, whatever happens to the caller's copy", async () => {
  const bytes = samplePlugin();
  const admitting = admitPlugin(bytes, { file: FILE, grants: NO_GRANTS });
  bytes.fill(0);
  assertEquals((await admitting).manifest.name, "sample");
});

Deno.test("sandbox names a file that is no WebAssembly as unreadable", async () => {
  for (
    const bytes of [
      new Uint8Array(),
      new TextEncoder().encode("#!/bin/sh\n"),
      samplePlugin().slice(0, 60),
    ]
  ) {
    const error = await refusal(bytes);
    assertEquals(error.code, "plugin_unreadable");
    assertStringIncludes(error.message, FILE);
  }
});

Deno.test("sandbox decodes whatever bytes, or says what it met: never anything else", () => {
  const good = samplePlugin({ capabilities: ["sql_prepare"] });
  for (let at = 8; at < good.length; at++) {
    for (const value of [0x00, 0x7f, 0xff, Math.imul(at, 2654435761) >>> 24]) {
      const bytes = good.slice();
      bytes[at] = value;
      try {
        decodeModule(bytes);
      } catch (error) {
        assertEquals(error instanceof DecodeError, true, `byte ${at} as ${value}: ${error}`);
      }
    }
  }
});

Deno.test("sandbox refuses a module over the size limit before it looks at it", async () => {
  const error = await refusal(new Uint8Array(LIMITS.moduleBytesMax + 1));
  assertEquals(error.code, "plugin_refused");
  assertStringIncludes(error.message, String(LIMITS.moduleBytesMax));
});

const FORBIDDEN: readonly (readonly [string, string])[] = [
  [
    "of WASI",
    `(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))`,
  ],
  [
    "of Extism's HTTP",
    `(import "extism:host/env" "http_request" (func (param i64 i64) (result i64)))`,
  ],
  ["of Extism's vars", `(import "extism:host/env" "var_set" (func (param i64 i64)))`],
  ["of Extism's config", `(import "extism:host/env" "config_get" (func (param i64) (result i64)))`],
  ["that a prototype would answer", `(import "extism:host/user" "constructor" (func))`],
  ["called __proto__", `(import "extism:host/user" "__proto__" (func))`],
  ["of env", `(import "env" "abort" (func (param i32 i32 i32 i32)))`],
  [
    "that is not granted",
    `(import "extism:host/user" "batch_column_name" (func (param i32) (result i64)))`,
  ],
  [
    "with another signature",
    `(import "extism:host/user" "batch_mode" (func (param i64) (result i32)))`,
  ],
  ["that is a memory", `(import "extism:host/user" "m" (memory 1))`],
  ["that is a table", `(import "extism:host/user" "t" (table 1 funcref))`],
  ["that is a global", `(import "extism:host/user" "g" (global i32))`],
];
for (const [what, line] of FORBIDDEN) {
  Deno.test(`sandbox refuses an import ${what}`, async () => {
    const bytes = line.includes("(memory")
      ? assemble(`(module ${line})`)
      : samplePlugin({ imports: [line] });
    const error = await refusal(bytes);
    assertEquals(error.code, "plugin_refused");
    assertEquals(error.issues.some((i) => i.path.startsWith("import ")), true);
  });
}

Deno.test("sandbox grants a capability by name", async () => {
  const bytes = samplePlugin({ capabilities: ["batch_column_name"] });
  const plugin = await admitPlugin(bytes, {
    file: FILE,
    grants: new Set(["batch_column_name"] as const),
  });
  assertEquals(plugin.imports, ["batch_column_name"]);
});

Deno.test("sandbox tells a plugin of another version by both versions, and what to do", async () => {
  const again =
    "it was built for version 1 of the contract between host and plugin, and this host " +
    "has version 2: build it again with the kit of this host, or ask whoever made it for a build for 2";
  // What a plugin of before says of itself, and what one imports that has copied.
  for (
    const [sample, path] of [
      [{ manifest: { ...MANIFEST, abi: 1 } }, "abi"],
      [{
        manifest: { ...MANIFEST, abi: 1 },
        imports: [`(import "extism:host/user" "sql_copy" (func (param i64 i32 i32)))`],
      }, "import extism:host/user sql_copy"],
    ] as const
  ) {
    const { issues, message } = await refusal(samplePlugin(sample));
    assertEquals(issues, [{ path, message: again }]);
    assertStringIncludes(message, again);
  }
  const { issues } = await refusal(samplePlugin({ manifest: { ...MANIFEST, abi: 3 } }));
  assertEquals(issues, [{
    path: "abi",
    message: "it was built for version 3 of the contract between host and plugin, and this host " +
      "has version 2: load with a newer snakepipe, or ask whoever made it for a build for 2",
  }]);
  for (const abi of ["2", 2.5, null]) {
    const error = await refusal(samplePlugin({ manifest: { ...MANIFEST, abi } }));
    assertStringIncludes(error.message, "Expected ABI 2 but received");
  }
});

Deno.test("sandbox lists every missing and wrongly typed export at once", async () => {
  const error = await refusal(samplePlugin({
    without: ["connect", "health_check"],
    fields: [
      `(func (export "health_check") (param i32) (result i32) (i32.const 0))`,
      `(func (export "close"))`,
    ],
  }));
  assertEquals(error.issues.map((i) => i.path).sort(), [
    "export close",
    "export connect",
    "export health_check",
  ]);
});

Deno.test("sandbox refuses exports that Extism would run by itself", async () => {
  for (const name of ["_start", "_initialize", "hs_init"]) {
    const error = await refusal(samplePlugin({ fields: [`(func (export "${name}"))`] }));
    assertStringIncludes(error.message, name);
  }
});

Deno.test("sandbox ignores exports that it does not know", async () => {
  const bytes = samplePlugin({ fields: [`(func (export "something_else") (param f64))`] });
  await admitPlugin(bytes, { file: FILE, grants: NO_GRANTS });
});

Deno.test("sandbox lists every failing path of a manifest", async () => {
  const error = await refusal(samplePlugin({
    manifest: {
      ...MANIFEST,
      abi: 9,
      version: "one",
      schemes: [],
      extra: true,
      capabilities: { modes: ["delete"] },
    },
  }));
  assertEquals(error.code, "plugin_manifest");
  const paths = error.issues.map((i) => i.path);
  for (
    const path of [
      "abi",
      "version",
      "schemes",
      "extra",
      "capabilities.modes.0",
      "capabilities.limits",
    ]
  ) {
    assertEquals(paths.includes(path), true, `${path} of ${paths}`);
  }
});

Deno.test("sandbox refuses a manifest that is no JSON, or none at all", async () => {
  assertEquals((await refusal(samplePlugin({ manifest: "{" }))).code, "plugin_manifest");
  assertEquals(
    (await refusal(samplePlugin({ exports: { manifest: "(i32.const 0)" } }))).code,
    "plugin_manifest",
  );
});

Deno.test("sandbox refuses a manifest with a key of escapes, which the engine may read as another", () => {
  for (
    const text of ['{"x":1,"\\\\":2,"z":3}', '{"x":1,"\\u0061":2,"\\\\":3}', '{"\\"":1}']
  ) {
    const error = assertThrows(() => parseStrictJson(text), StrictJsonError);
    assertStringIncludes(error.message, "a key that is written with escapes");
  }
  assertEquals(parseStrictJson('{"a":"\\u0061\\\\"}'), { a: "a\\" });
});

Deno.test("sandbox refuses a module whose start section calls the host", async () => {
  const error = await refusal(samplePlugin({
    fields: [`(func $begin (drop (call $alloc (i64.const 8))))`, `(start $begin)`],
  }));
  assertEquals(error.code, "plugin_violation");
  assertStringIncludes(error.message, "outside of an export");
});
