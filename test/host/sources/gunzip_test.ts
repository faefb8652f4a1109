import { assertEquals, assertRejects } from "@std/assert";
import { randomBytes } from "node:crypto";
import { gunzip } from "../../../host/sources/gunzip.ts";
import type { Input } from "../../../host/sources/input.ts";
import { LoadError } from "../../../src/model/errors.ts";

const ONE = '{"a":1}\n';
const TWO = '{"a":2}\n';

/** What the program `gzip` makes of a text. */
async function packed(content: string | Uint8Array): Promise<Uint8Array> {
  return await ran(["-c"], bytesOf(content));
}

async function ran(args: string[], stdin: Uint8Array): Promise<Uint8Array> {
  const child = new Deno.Command("gzip", {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const [{ stdout }] = await Promise.all([
    child.output(),
    writer.write(bytesOf(stdin)).then(() => writer.close()),
  ]);
  return stdout;
}

function bytesOf(content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
}

function joined(...pieces: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Gives so many bytes at a time. */
function inputOf(bytes: Uint8Array, step: number): Input {
  let at = 0;
  return {
    read: (into) => {
      if (at === bytes.length) return Promise.resolve(undefined);
      const piece = bytes.subarray(at, at + Math.min(step, into.length));
      into.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
    bytesRead: () => at,
    close: () => Promise.resolve(),
  };
}

async function unpacked(bytes: Uint8Array, step: number): Promise<Uint8Array> {
  const input = gunzip(inputOf(bytes, step), "a.gz");
  const pieces: Uint8Array[] = [];
  const into = new Uint8Array(64 * 1024);
  for (let count; (count = await input.read(into)) !== undefined;) {
    pieces.push(into.slice(0, count));
  }
  await input.close();
  return joined(...pieces);
}

const STEPS = [1, 7, 28, 512, 1 << 20];

Deno.test("gunzip reads every member, with zeros between them or without", async () => {
  const [a, b] = [await packed(ONE), await packed(TWO)];
  const zeros = (count: number) => new Uint8Array(count);
  const files = [
    [joined(a, b), ONE + TWO],
    [joined(a, zeros(1), b), ONE + TWO],
    [joined(a, zeros(1000), b, zeros(3), a), ONE + TWO + ONE],
    [joined(a, zeros(500_000), b), ONE + TWO],
    [joined(a, zeros(10_000)), ONE],
    [joined(await packed(""), zeros(8), a), ONE],
  ] as const;
  for (const [bytes, text] of files) {
    for (const step of STEPS) {
      if (bytes.length / step > 50_000) continue;
      assertEquals(new TextDecoder().decode(await unpacked(bytes, step)), text, `${step} a time`);
    }
  }
  // What gzip itself leaves out with a warning is not left out here; of the rest it says the same.
  for (const [bytes] of [files[0], files[4]]) {
    assertEquals(await unpacked(bytes, 1 << 20), await ran(["-dc"], bytes));
  }
});

Deno.test("gunzip reads members whose ends lie anywhere in what is read at once", async () => {
  const noise = randomBytes(600_000);
  const member = await packed(noise);
  const zeros = new Uint8Array(256 * 1024);
  for (const length of [0, 1, 256 * 1024 - member.length % (256 * 1024)]) {
    const bytes = joined(member, zeros.subarray(0, length), member);
    assertEquals(await unpacked(bytes, 1 << 20), joined(noise, noise), `${length} zeros`);
  }
});

Deno.test("gunzip refuses what is no gzip behind a member, and a member that is cut off", async () => {
  const [a, b] = [await packed(ONE), await packed(TWO)];
  const zeros = new Uint8Array(600);
  const files = [
    joined(a, Uint8Array.of(1)),
    joined(a, Uint8Array.of(0x1f)),
    joined(a, Uint8Array.of(0x1f, 0x8b)),
    joined(a, bytesOf("x".repeat(1000))),
    joined(a, zeros, bytesOf("x")),
    joined(a, zeros, Uint8Array.of(0x1f)),
    joined(zeros, a),
    zeros,
    new Uint8Array(0),
    ...[1, 3, 9, 10, b.length - 8, b.length - 1].flatMap((length) => [
      b.subarray(0, length),
      joined(a, b.subarray(0, length)),
      joined(a, zeros, b.subarray(0, length)),
    ]),
  ];
  for (const [index, bytes] of files.entries()) {
    for (const step of STEPS) {
      const error = await assertRejects(
        () => unpacked(bytes, step),
        LoadError,
        "Cannot decompress a.gz",
        `file ${index}, ${step} a time`,
      );
      assertEquals(error.code, "source_unreadable");
    }
  }
});

Deno.test("gunzip hands on what reading fails with", async () => {
  const bytes = await packed("x".repeat(1000));
  const failed = new LoadError("Cannot read", { code: "source_unreadable", blame: "config" });
  const input = inputOf(bytes.subarray(0, 20), 10);
  const failing: Input = {
    ...input,
    read: async (into) => await input.read(into) ?? Promise.reject(failed),
  };
  const reading = gunzip(failing, "a.gz");
  const error = await assertRejects(async () => {
    while (await reading.read(new Uint8Array(65536)) !== undefined);
  });
  assertEquals(error, failed);
});
