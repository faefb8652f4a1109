import { assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { after } from "../../../src/model/timer.ts";

/** Reads standard input in a process of its own; with a number, closes after that many batches. */
const PROGRAM = `
import { openSource } from "./host/sources/open_source.ts";
import { Batcher } from "./src/batching/batcher.ts";
const [format, batches] = Deno.args;
const limits = { rowsMax: 2, bytesMax: 1000, recordBytesMax: 1000 };
const batcher = new Batcher(openSource(["-"], { format }).parts(), limits);
const stopped = Number(batches);
for (let count = 0; count !== stopped; count++) {
  const batch = await batcher.next();
  if (batch === undefined) break;
  console.log(batch.part, batch.line, JSON.stringify(new TextDecoder().decode(batch.bytes)));
}
const next = batches === undefined ? undefined : batcher.next().catch((error) => error.code);
await new Promise((resolve) => setTimeout(resolve, 20));
await batcher.close();
console.log(await next ?? "end", batcher.bytesRead);
`;

Deno.test("standard input is read piece by piece as NDJSON", async () => {
  const child = spawn("ndjson");
  const writer = child.stdin.getWriter();
  for (const piece of ["\ufeff1", "\n2\n", "3", "\r\n", "4"]) {
    await writer.write(new TextEncoder().encode(piece));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await writer.close();
  assertEquals(await output(child), ['- 1 "1\\n2\\n"', '- 3 "3\\r\\n4"', "end 11"]);
});

Deno.test("standard input is read as CSV with its header", async () => {
  const child = spawn("csv");
  await write(child, new TextEncoder().encode("a,b\n1,2\n3,4\n"));
  assertEquals(await output(child), ['- 2 "1,2\\n3,4\\n"', "end 12"]);
});

Deno.test("standard input that is empty has no rows", async () => {
  const child = spawn("ndjson");
  await child.stdin.close();
  assertEquals(await output(child), ["end 0"]);
});

Deno.test("standard input that waits does not keep the process alive once it is closed", async () => {
  for (const before of ["1\n2\n", ""]) {
    const child = spawn("ndjson", before === "" ? "0" : "1");
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(before));
    const lines = await output(child);
    assertEquals(lines.at(-1), `cancelled ${before.length}`);
    await writer.close().catch(() => {});
  }
});

Deno.test("standard input that was closed before it is open is not waited for", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--ext=ts"],
      `import { openSource } from "./host/sources/open_source.ts";
for await (const part of openSource(["-"], { format: "ndjson" }).parts()) {
  const open = await part.open(AbortSignal.abort());
  console.log(await open.read(new Uint8Array(1 << 16)) ?? "nothing");
}`,
    ],
    cwd: new URL("../../..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const ended = after(30_000, () => child.kill());
  const { stdout } = await child.output();
  ended();
  assertEquals(new TextDecoder().decode(stdout), "nothing\n");
  await writer.close().catch(() => {});
});

Deno.test("standard input that is gzip is known by its first bytes, of whatever size it comes", async () => {
  const packed = gzipSync("1\n2\n");
  for (const format of ["ndjson", "csv"]) {
    const child = spawn(format);
    const writer = child.stdin.getWriter();
    for (const [from, to] of [[0, 1], [1, 2], [2, packed.length]]) {
      await writer.write(packed.subarray(from, to));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await writer.close();
    const first = format === "csv" ? '- 2 "2\\n"' : '- 1 "1\\n2\\n"';
    assertEquals(await output(child), [first, `end ${packed.length}`]);
  }
});

Deno.test("standard input that is gzip does not keep the process alive once it is closed", async () => {
  // Fewer rows than a batch takes: it waits for more, however much of them is decompressed.
  const packed = gzipSync("1\n");
  for (const length of [1, 2, packed.length - 8]) {
    const child = spawn("ndjson", "0");
    const writer = child.stdin.getWriter();
    await writer.write(packed.subarray(0, length));
    const [end] = await output(child);
    assertEquals(end?.startsWith("cancelled"), true, end);
    await writer.close().catch(() => {});
  }
});

function spawn(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", PROGRAM, ...args],
    cwd: new URL("../../..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function write(child: Deno.ChildProcess, bytes: Uint8Array): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(bytes);
  await writer.close();
}

async function output(child: Deno.ChildProcess): Promise<string[]> {
  const { stdout, stderr } = await child.output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return text.trim().split("\n");
}
