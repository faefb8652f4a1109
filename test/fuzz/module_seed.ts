/**
 * The modules that mutants are made of: the plugins of this repository, which are built before, and
 * small ones with the instructions that compilers seldom write.
 */
import { fromFileUrl, join } from "@std/path";
import { planningPlugin } from "../attack/statement_attack.ts";
import { samplePlugin } from "../support/wasm_text.ts";
import { familyOf } from "../families/families.ts";
import { FAMILIES } from "./family.ts";
import { type SeedModule, seedModule } from "./module_draft.ts";

/** Modules to mutate, and beside them modules that only give pieces. */
export interface ModuleSeeds {
  readonly origins: readonly SeedModule[];
  readonly seeds: readonly SeedModule[];
}

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** Reads and assembles all of them. */
export async function moduleSeeds(): Promise<ModuleSeeds> {
  const read = async (file: string) => seedModule(file, await Deno.readFile(join(ROOT, file)));
  const built = await Promise.all(
    FAMILIES.map((family) => read(`plugins/dist/${familyOf(family).plugin}.wasm`)),
  );
  const planning = FAMILIES.map((family) =>
    seedModule(
      `planning for ${family}`,
      planningPlugin({ family, mode: "upsert", plan: {} }).slice(),
    )
  );
  const origins = [
    ...built,
    ...planning,
    seedModule("rare instructions", rarePlugin()),
    seedModule("column names", granted()),
  ];
  return { origins, seeds: [...origins, await read("host/codec/dist/codec.wasm")] };
}

/** A plugin with the function that has to be granted. */
function granted(): Uint8Array<ArrayBuffer> {
  return samplePlugin({
    capabilities: ["batch_column_name", "sql_prepare"],
    exports: {
      write_batch: "(call $sql_prepare (call $batch_column_name (i32.const 0))) (i32.const 0)",
    },
  });
}

const FEATURES = {
  simd: true,
  reference_types: true,
  sat_float_to_int: true,
  sign_extension: true,
};

/** A plugin whose exports come by instructions of every kind. */
function rarePlugin(): Uint8Array<ArrayBuffer> {
  return samplePlugin({
    capabilities: [
      ...["sql_session", "sql_prepare", "sql_insert", "sql_health", "config_text"] as const,
      ...[
        "config_number",
        "batch_column_count",
        "error_code",
        "error_class",
        "shape_batch",
      ] as const,
    ],
    texts: ["SELECT 1", "INSERT INTO {table} ({columns}) VALUES {rows}", "({values})"],
    features: FEATURES,
    exports: {
      connect: "(call $bulk) (call $vectors) (i32.const 0)",
      write_batch: `(call $tables (call $batch_column_count))
        (call $sql_insert (call $text (i32.const 2)) (call $text (i32.const 3)) (i32.const 10))
        (i32.const 0)`,
      health_check: `(call $sql_health (call $text (i32.const 1)))
        (call $branches (i32.wrap_i64 (call $input_length))) (i32.const 0)`,
      close: "(i32.const 0)",
      classify_error: `(drop (call $length (call $error_code)))
        (call $error_class (i32.const 2)) (i32.const 0)`,
    },
    fields: FIELDS,
  });
}

const FIELDS: readonly string[] = [
  `(type $number (func (param i32) (result i32)))`,
  `(table $t 8 20 funcref) (table $x 2 externref)`,
  `(elem (i32.const 0) $double $half $double) (elem $more func $half $double)`,
  `(data $late "abcdefgh")`,
  `(global $count (mut i32) (i32.const 0)) (global $many (mut i64) (i64.const 7))`,
  `(func $double (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))`,
  `(func $half (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 2)))`,
  `(func $begin (global.set $count (i32.const 3))) (start $begin)`,
  `(func $bulk
    (memory.init $late (i32.const 512) (i32.const 1) (i32.const 4)) (data.drop $late)
    (memory.copy (i32.const 600) (i32.const 512) (i32.const 64))
    (memory.fill (i32.const 700) (i32.const 9) (i32.const 100))
    (drop (memory.grow (i32.const 1))))`,
  `(func $tables (param i32)
    (table.init $t $more (i32.const 4) (i32.const 0) (i32.const 2)) (elem.drop $more)
    (table.copy $t $t (i32.const 6) (i32.const 4) (i32.const 1))
    (table.fill $t (i32.const 7) (ref.null func) (i32.const 1))
    (drop (table.grow $x (ref.null extern) (i32.const 1)))
    (drop (ref.is_null (table.get $x (i32.const 0))))
    (global.set $count (call_indirect $t (type $number) (local.get 0)
      (i32.rem_u (local.get 0) (i32.const 3)))))`,
  `(func $vectors (local v128)
    (local.set 0 (i32x4.add (i32x4.splat (global.get $count)) (v128.const i32x4 1 2 3 4)))
    (v128.store (i32.const 800) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31
      (local.get 0) (v128.load (i32.const 816))))
    (global.set $many (i64x2.extract_lane 1 (local.get 0))))`,
  `(func $branches (param i32) (local f64)
    (block $c (block $b (block $a (br_table $a $b $c $a (i32.and (local.get 0) (i32.const 3))))
      (local.set 1 (f64.sqrt (f64.convert_i64_s (global.get $many)))) (br $c))
      (loop $l (br_if $c (i32.eqz (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $l (i32.gt_u (local.get 0) (i32.const 2)))))
    (global.set $count (i32.trunc_sat_f64_s (local.get 1))))`,
];
