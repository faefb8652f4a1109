/**
 * The height of the operand stack, in what compilers made: where a block ends that is left at its end,
 * there lies on it what its type says, and nothing else. One instruction whose effect were wrong would
 * show.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { ByteReader, DecodeError } from "../../../../host/plugins/sandbox/byte_reader.ts";
import { type DecodedModule, decodeModule } from "../../../../host/plugins/sandbox/decode.ts";
import { readInstruction, valueType } from "../../../../host/plugins/sandbox/instruction.ts";
import { OperandStack } from "../../../../host/plugins/sandbox/operand_stack.ts";
import { buildCodec } from "../../../../tools/build_codec.ts";
import { buildPlugins } from "../../../../tools/build_plugins.ts";
import { assemble } from "../../../support/wasm_text.ts";

const ROOT = fromFileUrl(new URL("../../../..", import.meta.url));
/** Compiled from C and C++. */
const GRAMMARS = fromFileUrl(
  new URL("out/", import.meta.resolve("tree-sitter-wasms/package.json")),
);

/** Ends of blocks that were compared. */
function compareEnds(module: DecodedModule, name: string): number {
  const first = module.functions.length - module.bodies.length;
  let compared = 0;
  for (const [i, whole] of module.bodies.entries()) {
    const stack = new OperandStack(module, module.functions[first + i]!);
    const body = afterLocals(whole);
    /** Of each block that is open, whether execution comes by. */
    const reached = [true];
    while (!body.done) {
      const { at } = body;
      const instruction = readInstruction(body);
      const before = stack.height;
      stack.step(instruction);
      switch (instruction.kind) {
        case "end":
          if (reached.pop()) {
            assertEquals(stack.height, before, `${name}, function ${i}, byte ${at}`);
            compared++;
          }
          break;
        case "block":
        case "loop":
        case "if":
          reached.push(true);
          break;
        case "else":
          reached[reached.length - 1] = true;
          break;
        case "branch":
          if (!instruction.conditional) reached[reached.length - 1] = false;
          break;
        case "leave":
        case "table":
          reached[reached.length - 1] = false;
          break;
      }
    }
    assertEquals(stack.height, module.functions[first + i]!.results);
  }
  return compared;
}

function afterLocals(whole: ByteReader): ByteReader {
  const body = new ByteReader(whole.bytes, whole.at, whole.end);
  for (let groups = body.u32(); groups > 0; groups--) {
    body.u32();
    valueType(body);
  }
  return body;
}

Deno.test("operand stack of our plugins and of the codec is what types say", async () => {
  const plugins = await buildPlugins();
  await buildCodec();
  for (
    const file of [
      ...plugins.map(({ name }) => `plugins/dist/${name}.wasm`),
      "host/codec/dist/codec.wasm",
    ]
  ) {
    const compared = compareEnds(decodeModule(await Deno.readFile(join(ROOT, file))), file);
    assert(compared > 100, `${file}: ${compared}`);
  }
});

Deno.test("operand stack of modules from C is what types say", async () => {
  let read = 0;
  for await (const { name } of Deno.readDir(GRAMMARS)) {
    try {
      compareEnds(decodeModule(await Deno.readFile(join(GRAMMARS, name))), name);
      read++;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  assert(read >= 20, `${read}`);
});

/** One of each way to take and give that compilers hardly use: the assembler validates what it assembles. */
const RARE: Readonly<Record<string, string>> = {
  "tables": `(table $t 4 funcref) (elem $e func $f)
    (func (result i32) (table.set $t (i32.const 0) (table.get $t (i32.const 1)))
      (table.fill $t (i32.const 0) (ref.null func) (i32.const 1))
      (table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 1))
      (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e)
      (drop (table.grow $t (ref.func $f) (i32.const 1)))
      (i32.add (table.size $t) (ref.is_null (ref.null extern))))`,
  "memory": `(memory 1) (data $d "abc")
    (func (result i32) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $d)
      (memory.copy (i32.const 0) (i32.const 1) (i32.const 2))
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))
      (i64.store (i32.const 0) (i64.load32_u (i32.const 8)))
      (i32.add (memory.grow (i32.const 0)) (memory.size)))`,
  "vectors": `(memory 1) (func (param v128 v128) (result v128)
      (v128.store (i32.const 0) (v128.load (i32.const 16)))
      (v128.store8_lane 3 (i32.const 0) (local.get 0))
      (local.set 1 (v128.load16_lane 2 (i32.const 0) (local.get 1)))
      (drop (i8x16.extract_lane_s 1 (v128.load64_zero (i32.const 0))))
      (drop (f64x2.replace_lane 1 (f64x2.splat (f64.const 1)) (f64.const 2)))
      (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 0) (local.get 1)))
      (drop (i32x4.shl (local.get 0) (i32.const 2)))
      (drop (i32.add (v128.any_true (local.get 0)) (i16x8.bitmask (local.get 1))))
      (drop (f32x4.demote_f64x2_zero (f64x2.sqrt (f32x4.abs (v128.not (local.get 0))))))
      (v128.bitselect (i64x2.extmul_low_i32x4_s (local.get 0) (local.get 1))
        (f64x2.pmin (local.get 0) (i64x2.eq (local.get 0) (local.get 1)))
        (v128.const i64x2 1 2)))`,
  "types of several values": `(type $two (func (param i32) (result i32 i64)))
    (func $g (type $two) (local.get 0) (i64.const 1))
    (func (param i32) (result i64) (local i64)
      (local.get 0) (block (type $two) (call $g)) (local.set 1)
      (loop $l (param i32) (result i64) (br_if $l (local.get 0) (i32.const 0)) (drop) (drop) (local.get 1))
      (br_table 0 0 (i32.const 1)) (i64.add) (drop) (i64.const 3))`,
  "what is never reached": `(func (result i32)
      (block (result i32) (br 0 (i32.const 1)) (i32.add) (drop) (select) (drop) (i32.const 2))
      (if (result i32) (then (return (i32.const 1)) (unreachable)) (else (i32.const 4)))
      (i32.const 5) (i32.const 6) (select (result i32)))`,
};
for (const [what, fields] of Object.entries(RARE)) {
  Deno.test(`operand stack of ${what} is what types say`, () => {
    const features = { simd: true, reference_types: true, sat_float_to_int: true };
    const text = `(module (func $f) ${fields})`;
    const bytes = assemble(text, features);
    assert(WebAssembly.validate(bytes), "the sample is valid");
    assert(compareEnds(decodeModule(bytes), what) >= 2);
  });
}
