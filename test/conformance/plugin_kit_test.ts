/** The plugin kit: what it promises to a plugin, shown by one that is made for it. */
import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { admitPlugin, type Plugin } from "../../host/plugins/sandbox/plugin.ts";
import type { CallInput } from "../../host/plugins/sandbox/call.ts";
import { LoadError } from "../../src/model/errors.ts";
import { NO_GRANTS } from "../../src/plan_policy/grant.ts";
import { compilePlugin } from "../../tools/build_plugins.ts";
import { sampleShape } from "../../host/plugins/check/sample_shape.ts";

const SOURCE = `
import { answer, columns, describe, fail, input, Manifest, Mode, mode, OK, probeAnswer, setting, sql } from "@snakepipe/kit";

export function manifest(): i32 {
  return describe(
    new Manifest("kit", "1.2.3")
      .backend("other")
      .driver("libsql")
      .scheme("kit")
      .scheme("kit2")
      .mode(Mode.Replace)
      .transactions(false)
      .limits(1, 2, 3)
      .text("given", "must be given")
      .text("texted", "quotes \\" \\\\ and \\n \\u0001 ünï 🐍", "a \\"default\\"")
      .choice("chosen", "one of", ["a", "b"], "b")
      .integer("counted", "within bounds", -5, -9000000000, 9000000000)
      .flag("flagged", "on or off", true),
  );
}

export function connect(): i32 {
  sql.session(setting.text("text"));
  sql.session(setting.text("missing") == "" ? "none" : "some");
  sql.session(setting.integer("number") == -9000000000 ? "equal" : "differs");
  sql.session(setting.flag("flag") ? "on" : "off");
  return OK;
}

export function write_batch(): i32 {
  const all = columns();
  let text = mode() == Mode.Replace ? "replace" : "other";
  for (let i = 0; i < all.length; i++) {
    text += " " + (all[i].type as i32).toString() + (all[i].isKey ? "k" : "") + (all[i].isNullable ? "n" : "");
  }
  sql.prepare(text);
  sql.insert(all[all.length - 1].slot, all[0].valueSlot, 7);
  return OK;
}

export function health_check(): i32 {
  const text = input();
  if (!text.startsWith("{")) return answer(text);
  const probe = probeAnswer()!;
  return answer(probe.latencyMs.toString() + " " + probe.text);
}

export function close(): i32 {
  return fail("it is \\"closed\\" 🐍");
}

export function classify_error(): i32 {
  const all = new Array<i32>(1);
  const none = all[input().length + 1];
  throw new Error("never " + none.toString());
}
`;

const moduleBytes = await compiledKitPlugin();
const plugin = await admitPlugin(moduleBytes, { file: "kit.wasm", grants: NO_GRANTS });

Deno.test("plugin kit writes a manifest that is read back as it was meant", () => {
  assertEquals(structuredClone(plugin.manifest) as unknown, {
    abi: 2,
    name: "kit",
    version: "1.2.3",
    backend: "other",
    driver: "libsql",
    schemes: ["kit", "kit2"],
    config: {
      type: "object",
      properties: {
        given: { type: "string", description: "must be given" },
        texted: {
          type: "string",
          description: 'quotes " \\ and \n \u0001 ünï 🐍',
          default: 'a "default"',
        },
        chosen: { type: "string", description: "one of", default: "b", enum: ["a", "b"] },
        counted: {
          type: "integer",
          description: "within bounds",
          default: -5,
          minimum: -9_000_000_000,
          maximum: 9_000_000_000,
        },
        flagged: { type: "boolean", description: "on or off", default: true },
      },
      required: ["given"],
    },
    capabilities: {
      modes: ["replace"],
      transactions: false,
      limits: { parametersMax: 1, rowsPerStatementMax: 2, identifierBytesMax: 3 },
    },
  });
});

Deno.test("plugin kit carries texts of any length and script in and out", async () => {
  for (const unit of ["a", "é", "語", "🐍", "\0"]) {
    for (let length = 0; length <= 33; length++) {
      const text = "x".repeat(length % 3) + unit.repeat(length);
      assertEquals((await call({ phase: "health_check" }, text)).output, text);
    }
  }
  const long = "🐍é".repeat(100_000);
  assertEquals((await call({ phase: "health_check" }, long)).output, long);
});

Deno.test("plugin kit reads the answer to a health probe, whatever its text", async () => {
  const every = Array.from({ length: 0x250 }, (_, i) => String.fromCharCode(i)).join("");
  for (const text of ["", "1", '","latencyMs":9,"text":"no', "\\", "🐍\u2028", every]) {
    const { output } = await call(
      { phase: "health_check" },
      JSON.stringify({ latencyMs: 37, text }),
    );
    assertEquals(output, `37 ${text}`);
  }
});

Deno.test("plugin kit reads settings of every type, and those that are not set", async () => {
  const settings = { text: "ünï 🐍", number: -9_000_000_000, flag: true };
  const { draft } = await call({ phase: "connect", settings });
  assertEquals(draft.session, ["ünï 🐍", "none", "equal", "on"]);
});

Deno.test("plugin kit tells a plugin the shape and carries its plan", async () => {
  const shape = sampleShape([
    { name: "a", type: "other", nullable: false, key: true },
    { name: "b", type: "boolean", nullable: true, key: false },
  ], "replace");
  const { draft } = await call({ phase: "write_batch", shape });
  assertEquals(draft.prepare, ["replace 15k 0n"]);
  assertEquals(draft.write, { sql: "{col:1}", row: "{value:0}", rowsMax: 7 });
});

Deno.test("plugin kit hands on why a plugin fails", async () => {
  await assertRejects(() => call({ phase: "close" }), LoadError, 'it is "closed" 🐍');
});

Deno.test("plugin kit sets as error what a plugin throws, with file and line, before it traps", () => {
  const { instance, errors } = withBareKernel(new WebAssembly.Module(moduleBytes));
  assertThrows(() => (instance.exports.classify_error as () => number)(), WebAssembly.RuntimeError);
  assertEquals(errors.length, 1);
  assertMatch(errors[0]!, /^Index out of range \(~lib\/array\.ts:\d+\)$/);
});

Deno.test("plugin kit leaves no trace of the machine in a module", async () => {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_kit_" });
  try {
    await compileInto(folder);
    const bytes = await Deno.readFile(join(folder, "kit.wasm"));
    const text = new TextDecoder("latin1").decode(bytes).replaceAll("\0", "");
    assertEquals(text.includes(folder.split("/").at(-1)!), false);
    assertEquals(text.includes("index.ts"), true);
    assertEquals([...Deno.readDirSync(folder)].map((e) => e.name).sort(), ["index.ts", "kit.wasm"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function compiledKitPlugin(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_kit_" });
  try {
    await compileInto(folder);
    return await Deno.readFile(join(folder, "kit.wasm"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function compileInto(folder: string): Promise<void> {
  await Deno.writeTextFile(join(folder, "index.ts"), SOURCE);
  await compilePlugin(join(folder, "index.ts"), join(folder, "kit.wasm"));
}

async function call(
  about: Omit<CallInput, "settings"> & Partial<CallInput>,
  input = "",
): ReturnType<Awaited<ReturnType<Plugin["open"]>>["call"]> {
  const sandbox = await plugin.open();
  try {
    return await sandbox.call({ settings: {}, ...about }, new TextEncoder().encode(input));
  } finally {
    await sandbox.close();
  }
}

/** An instance on a kernel that can do no more than take an error: one block at an address each. */
function withBareKernel(module: WebAssembly.Module): {
  readonly instance: WebAssembly.Instance;
  readonly errors: string[];
} {
  const blocks: DataView[] = [];
  const errors: string[] = [];
  const block = (address: bigint) => blocks[Number(address >> 32n)]!;
  const offset = (address: bigint) => Number(address & 0xffff_ffffn);
  const kernel: Record<string, (...args: never[]) => unknown> = {
    alloc: (size: bigint) =>
      BigInt(blocks.push(new DataView(new ArrayBuffer(Number(size)))) - 1) << 32n,
    store_u8: (at: bigint, value: number) => block(at).setUint8(offset(at), value),
    store_u64: (at: bigint, value: bigint) => block(at).setBigInt64(offset(at), value, true),
    error_set: (at: bigint) => void errors.push(new TextDecoder().decode(block(at))),
    input_length: () => 0n,
  };
  const imports: WebAssembly.Imports = {};
  for (const { module: namespace, name } of WebAssembly.Module.imports(module)) {
    imports[namespace] = { ...imports[namespace], [name]: kernel[name] ?? (() => 0) };
  }
  return { instance: new WebAssembly.Instance(module, imports), errors };
}
