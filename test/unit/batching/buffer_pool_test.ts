import { assertEquals, assertStrictEquals } from "@std/assert";
import { BufferPool } from "../../../src/batching/buffer_pool.ts";

Deno.test("buffer pool uses a buffer again once it was given back, and never before", () => {
  const pool = new BufferPool(100);
  const first = pool.take();
  const second = pool.take();
  assertEquals([first.length, second.length], [100, 100]);
  assertEquals(first.buffer === second.buffer, false);
  pool.give(first.buffer);
  const third = pool.take();
  assertStrictEquals(third.buffer, first.buffer);
  assertEquals(pool.take().buffer === third.buffer, false);
});

Deno.test("buffer pool keeps a few, and frees the others", () => {
  const pool = new BufferPool(10, 2);
  const buffers = Array.from({ length: 3 }, () => new ArrayBuffer(10));
  for (const buffer of buffers) pool.give(buffer);
  assertEquals(buffers.map((buffer) => buffer.detached), [false, false, true]);
});

Deno.test("buffer pool that is resized frees what it keeps, and what comes back later", () => {
  const pool = new BufferPool(100);
  const [spare, used] = [pool.take(), pool.take()];
  pool.give(spare.buffer);
  pool.resize({ bytes: 30, bytesMax: 50 });
  assertEquals([spare.buffer.detached, pool.take().length], [true, 30]);
  pool.give(used.buffer);
  assertEquals([used.buffer.detached, pool.take().length], [true, 30]);
  pool.resize({ bytes: 90, bytesMax: 50 });
  assertEquals(pool.take().length, 50);
});

Deno.test("buffer pool enlarges a buffer, and from then on gives larger ones, up to the largest", () => {
  const pool = new BufferPool(50);
  pool.resize({ bytes: 10, bytesMax: 50 });
  const bytes = pool.take();
  bytes.fill(7);
  const larger = pool.enlarge(bytes.buffer);
  assertEquals([...larger], [...Array(10).fill(7), ...Array(10).fill(0)]);
  assertEquals([bytes.buffer.detached, pool.take().length], [true, 20]);
  assertEquals(pool.enlarge(pool.enlarge(larger.buffer).buffer).length, 80);
  assertEquals(pool.take().length, 50);
});
