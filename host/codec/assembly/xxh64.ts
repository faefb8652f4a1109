// XXH64 (Y. Collet, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md) with seed 0, over
// bytes that come in pieces. Stripes are read where they stand: what is not yet part of one, less than
// 32 bytes, stands right before the next piece.
//
// On the way it notes what the hash is where each record begins, cut to 16 bits: see content_hash.ts.

import { marksAt, offsetsAt } from "./memory";

const P1: u64 = 0x9e3779b185ebca87;
const P2: u64 = 0xc2b2ae3d27d4eb4f;
const P3: u64 = 0x165667b19e3779f9;
const P4: u64 = 0x85ebca77c2b2ae63;
const P5: u64 = 0x27d4eb2f165667c5;
const STRIPE: u32 = 32;

let a: u64 = 0;
let b: u64 = 0;
let c: u64 = 0;
let d: u64 = 0;
/** Bytes that are part of a stripe. */
let striped: u64 = 0;
/** The address of the first byte that is part of none. */
let stripeAt: usize = 0;

/** Begins again with the bytes from an address on. */
export function hashFrom(at: usize): void {
  a = P1 + P2;
  b = P2;
  c = 0;
  d = 0 - P1;
  striped = 0;
  stripeAt = at;
}

/**
 * Moves what is not used yet, [from, end), so that it ends at `base`, where bytes are read behind it;
 * with it what of the hash is part of no stripe. Returns where it begins now.
 */
export function carry(from: usize, end: usize, base: usize): usize {
  const kept = from - stripeAt;
  const length = end - stripeAt;
  stripeAt = base - length;
  memory.copy(stripeAt, end - length, length);
  return stripeAt + kept;
}

@inline
function round(sum: u64, input: u64): u64 {
  return rotl<u64>(sum + input * P2, 31) * P1;
}

@inline
function merge(sum: u64, lane: u64): u64 {
  return (sum ^ round(0, lane)) * P1 + P4;
}

/** Goes on up to `end`, and notes the hash where each of the slice's records begins. */
export function hashTaken(rows: u32, end: usize): void {
  for (let row: u32 = 0; row < rows; row++) {
    const start: usize = load<u32>(offsetsAt + (row << 2));
    stripes(start);
    store<u16>(marksAt + (row << 1), digest(start) as u16);
  }
  stripes(end);
}

@inline
function stripes(end: usize): void {
  let at = stripeAt;
  if (at + STRIPE > end) return;
  let v = a;
  let w = b;
  let x = c;
  let y = d;
  for (; at + STRIPE <= end; at += STRIPE) {
    v = round(v, load<u64>(at));
    w = round(w, load<u64>(at, 8));
    x = round(x, load<u64>(at, 16));
    y = round(y, load<u64>(at, 24));
  }
  striped += at - stripeAt;
  stripeAt = at;
  a = v;
  b = w;
  c = x;
  d = y;
}

@inline
function digest(end: usize): u64 {
  let hash = c + P5;
  if (striped > 0) {
    hash = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
    hash = merge(merge(merge(merge(hash, a), b), c), d);
  }
  let at = stripeAt;
  hash += striped + (end - at);
  for (; at + 8 <= end; at += 8) {
    hash = rotl<u64>(hash ^ round(0, load<u64>(at)), 27) * P1 + P4;
  }
  if (at + 4 <= end) {
    hash = rotl<u64>(hash ^ ((load<u32>(at) as u64) * P1), 23) * P2 + P3;
    at += 4;
  }
  for (; at < end; at++) hash = rotl<u64>(hash ^ ((load<u8>(at) as u64) * P5), 11) * P1;
  hash = (hash ^ (hash >> 33)) * P2;
  hash = (hash ^ (hash >> 29)) * P3;
  return hash ^ (hash >> 32);
}

/** The hash of all bytes up to `end`, where hashing has come to. */
export function hashTo(end: usize): u64 {
  return digest(end);
}
