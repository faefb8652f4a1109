/** What stands in for Node's modules in the bundle, held against Node's own. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Buffer as Real } from "node:buffer";
import realCrypto from "node:crypto";
import fc from "fast-check";
import { Buffer } from "../../../host/drivers/postgres/stand_in/buffer.ts";
import crypto from "../../../host/drivers/postgres/stand_in/crypto.ts";
import stream from "../../../host/drivers/postgres/stand_in/stream.ts";
import { clearImmediate, setImmediate } from "../../../host/drivers/postgres/stand_in/timers.ts";

const text = fc.string({ unit: "grapheme" });
const bytes = fc.uint8Array();
/** The library has no empty one, which Web Crypto takes none of. */
const keys = fc.uint8Array({ minLength: 1 });

Deno.test("stand-in for a buffer reads and writes texts as Node's does", () => {
  fc.assert(fc.property(text, fc.nat(8), (text, at) => {
    const length = Buffer.byteLength(text);
    assertEquals(length, Real.byteLength(text));
    const ours = Buffer.alloc(at + length);
    const real = Real.alloc(at + length);
    assertEquals(ours.write(text, at, length), real.write(text, at, length, "utf8"));
    assertEquals([...ours], [...real]);
    assertEquals(ours.toString("utf8", at, at + length), real.toString("utf8", at, at + length));
    assertEquals([...Buffer.from(text)], [...Real.from(text)]);
  }));
});

Deno.test("stand-in for a buffer reads bytes that are no text, a mark at the start too, as Node's", () => {
  const some = fc.oneof(bytes, fc.constant(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)));
  fc.assert(fc.property(some, (bytes) => {
    const ours = Buffer.from(bytes);
    const real = Real.from(bytes);
    for (const encoding of ["utf8", "base64", "hex"] as const) {
      assertEquals(ours.toString(encoding), real.toString(encoding));
    }
    const base64 = real.toString("base64");
    assertEquals([...Buffer.from(base64, "base64")], [...Real.from(base64, "base64")]);
  }));
});

Deno.test("stand-in for a buffer joins, cuts and copies as Node's does", () => {
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1 }), fc.nat(40), fc.nat(20), (parts, length, to) => {
      const ours = Buffer.concat(parts.map((part) => Buffer.from(part)), length);
      const real = Real.concat(parts, length);
      assertEquals([...ours], [...real]);
      assertEquals([...Buffer.concat(parts)], [...Real.concat(parts)]);
      assert(ours.subarray(1) instanceof Buffer);
      const [into, realInto] = [Buffer.alloc(to), Real.alloc(to)];
      ours.copy(into);
      real.copy(realInto);
      assertEquals([...into], [...realInto]);
    }),
  );
});

Deno.test("stand-in for a buffer reads and writes numbers as Node's does", () => {
  fc.assert(fc.property(fc.nat(0xffff), fc.nat(0xffff_ffff), (short, long) => {
    const [ours, real] = [Buffer.alloc(12).subarray(2) as Buffer, Real.alloc(12).subarray(2)];
    ours.writeUInt16BE(short, 1);
    real.writeUInt16BE(short, 1);
    ours.writeUInt32BE(long, 3);
    real.writeUInt32BE(long, 3);
    assertEquals([...ours], [...real]);
    assertEquals(ours.readUInt16BE(1), short);
    assertEquals(ours.readUInt32BE(3), long);
    assertEquals(ours.readInt32BE(3), real.readInt32BE(3));
    // Beyond its own bytes, where others of the same memory lie.
    assertThrows(() => (Buffer.alloc(8).subarray(0, 4) as Buffer).readInt32BE(2), RangeError);
  }));
});

Deno.test("stand-in for crypto hashes and derives as Node's does", async () => {
  await fc.assert(
    fc.asyncProperty(text, keys, async (text, key) => {
      for (const name of ["md5", "sha256"]) {
        const real = realCrypto.createHash(name).update(text);
        const ours = crypto.createHash(name).update(text);
        assertEquals(String(await ours.digest("hex")), real.digest("hex"));
      }
      const hmac = await crypto.createHmac("sha256", key as Uint8Array<ArrayBuffer>).update(text)
        .digest();
      assertEquals([...hmac as Buffer], [
        ...realCrypto.createHmac("sha256", key).update(text).digest(),
      ]);
      const derived = await crypto.pbkdf2Sync(text, key as Uint8Array<ArrayBuffer>, 3, 32);
      assertEquals([...derived], [...realCrypto.pbkdf2Sync(text, key, 3, 32, "sha256")]);
    }),
    { numRuns: 30 },
  );
  assertEquals(crypto.randomBytes(18).toString("base64").length, 24);
});

Deno.test("stand-in for a COPY's stream ends and gives up once each", () => {
  const steps: string[] = [];
  const make = () =>
    new stream.Writable({
      final: () => steps.push("final"),
      destroy: (_error, callback) => {
        steps.push("destroy");
        callback();
      },
    });
  make().on().end();
  make().destroy(new Error("of the server"));
  // As the driver disarms it.
  const disarmed = make();
  disarmed._destroy = (_error, callback) => callback();
  disarmed.destroy(new Error("of the server"));
  assertEquals(steps, ["final", "destroy"]);
  assertThrows(() => new stream.Readable());
});

Deno.test("stand-in for setImmediate calls once whoever runs is done, unless it is told not to", async () => {
  const calls: string[] = [];
  setImmediate(() => void calls.push("kept"));
  clearImmediate(setImmediate(() => void calls.push("cleared")));
  clearImmediate(null);
  assertEquals(calls, []);
  await Promise.resolve();
  assertEquals(calls, ["kept"]);
});
