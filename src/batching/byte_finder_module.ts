/**
 * The WebAssembly behind `byte_finder.ts`: what it does as text, and the same assembled. A test
 * holds the two together.
 */

/**
 * `find` looks at the first `length` bytes of the memory and writes, behind them, where `base` and
 * the position behind each byte that is `first` or `second` add up to. It looks at 64 bytes at a
 * time, since records are longer than that, and mostly there is nothing.
 */
export const BYTE_FINDER_TEXT = `
(module
  (memory (export "memory") 5)
  (func (export "find")
    (param $length i32) (param $base i32) (param $first i32) (param $second i32) (result i32)
    (local $at i32) (local $out i32) (local $hits i64) (local $a v128) (local $b v128)
    (local $v v128) (local $w v128) (local $x v128) (local $y v128)
    (local.set $a (i8x16.splat (local.get $first)))
    (local.set $b (i8x16.splat (local.get $second)))
    (local.set $out (i32.const 65536))
    (block $end
      (loop $blocks
        (br_if $end (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $v (v128.load (local.get $at)))
        (local.set $w (v128.load offset=16 (local.get $at)))
        (local.set $x (v128.load offset=32 (local.get $at)))
        (local.set $y (v128.load offset=48 (local.get $at)))
        (local.set $v (v128.or
          (i8x16.eq (local.get $v) (local.get $a)) (i8x16.eq (local.get $v) (local.get $b))))
        (local.set $w (v128.or
          (i8x16.eq (local.get $w) (local.get $a)) (i8x16.eq (local.get $w) (local.get $b))))
        (local.set $x (v128.or
          (i8x16.eq (local.get $x) (local.get $a)) (i8x16.eq (local.get $x) (local.get $b))))
        (local.set $y (v128.or
          (i8x16.eq (local.get $y) (local.get $a)) (i8x16.eq (local.get $y) (local.get $b))))
        (if
          (v128.any_true (v128.or
            (v128.or (local.get $v) (local.get $w)) (v128.or (local.get $x) (local.get $y))))
          (then
            (local.set $hits (i64.or
              (i64.or
                (i64.extend_i32_u (i8x16.bitmask (local.get $v)))
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $w))) (i64.const 16)))
              (i64.or
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $x))) (i64.const 32))
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $y))) (i64.const 48)))))
            ;; Behind the end stands what was looked at before.
            (if (i32.lt_u (i32.sub (local.get $length) (local.get $at)) (i32.const 64))
              (then
                (local.set $hits (i64.and
                  (local.get $hits)
                  (i64.sub
                    (i64.shl
                      (i64.const 1)
                      (i64.extend_i32_u (i32.sub (local.get $length) (local.get $at))))
                    (i64.const 1))))))
            (block $none
              (loop $each
                (br_if $none (i64.eqz (local.get $hits)))
                (i32.store
                  (local.get $out)
                  (i32.add
                    (i32.add (local.get $base) (local.get $at))
                    (i32.add (i32.wrap_i64 (i64.ctz (local.get $hits))) (i32.const 1))))
                (local.set $out (i32.add (local.get $out) (i32.const 4)))
                (local.set $hits
                  (i64.and (local.get $hits) (i64.sub (local.get $hits) (i64.const 1))))
                (br $each)))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $blocks)))
    (i32.shr_u (i32.sub (local.get $out) (i32.const 65536)) (i32.const 2))))
`;

/** {@linkcode BYTE_FINDER_TEXT} as `wat2wasm` assembles it, in base64. */
export const BYTE_FINDER_WASM =
  "AGFzbQEAAAABCQFgBH9/f38BfwMCAQAFAwEABQcRAgZtZW1vcnkCAARmaW5kAAAKoAIBnQIDAn8BfgZ7IAL9DyEHIAP9" +
  "DyEIQYCABCEFAkADQCAEIABPDQEgBP0ABAAhCSAE/QAEECEKIAT9AAQgIQsgBP0ABDAhDCAJIAf9IyAJIAj9I/1QIQkg" +
  "CiAH/SMgCiAI/SP9UCEKIAsgB/0jIAsgCP0j/VAhCyAMIAf9IyAMIAj9I/1QIQwgCSAK/VAgCyAM/VD9UP1TBEAgCf1k" +
  "rSAK/WStQhCGhCAL/WStQiCGIAz9ZK1CMIaEhCEGIAAgBGtBwABJBEAgBkIBIAAgBGuthkIBfYMhBgsCQANAIAZQDQEg" +
  "BSABIARqIAZ6p0EBamo2AgAgBUEEaiEFIAYgBkIBfYMhBgwACwsLIARBwABqIQQMAAsLIAVBgIAEa0ECdgs=";
