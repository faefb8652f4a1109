import { assertEquals, assertStrictEquals } from "@std/assert";
import { BufferPool } from "../../../src/loader/buffer_pool.ts";

Deno.test("buffer pool uses a buffer again once it was given back, and never before", () => {
  const pool = new BufferPool();
  const first = pool.take(10);
  const second = pool.take(20);
  assertEquals([first.length, second.length], [10, 20]);
  assertEquals(first.buffer === second.buffer, false);
  pool.give(first.buffer);
  const third = pool.take(30);
  assertStrictEquals(third.buffer, first.buffer);
  assertEquals(third.length, 30);
  assertEquals(pool.take(5).buffer === third.buffer, false);
});

Deno.test("buffer pool makes a new buffer where none is large enough, in the place of a smaller one", () => {
  const pool = new BufferPool();
  const small = new ArrayBuffer(10);
  pool.give(small);
  const bytes = pool.take(3 * 1024 * 1024 + 1);
  assertEquals([bytes.length, bytes.buffer.byteLength], [3 * 1024 * 1024 + 1, 4 * 1024 * 1024]);
  assertEquals(pool.take(10).buffer === small, false);
});

Deno.test("buffer pool keeps a few, and lets the smallest go", () => {
  const pool = new BufferPool(2);
  const small = new ArrayBuffer(1);
  for (const buffer of [new ArrayBuffer(3), small, new ArrayBuffer(2)]) pool.give(buffer);
  assertEquals([pool.take(1), pool.take(1)].some((bytes) => bytes.buffer === small), false);
});
