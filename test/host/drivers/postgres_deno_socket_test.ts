/** The runtime's own connections in the form in which the client library takes Node's. */
import { assertEquals } from "@std/assert";
import { DenoSocket } from "../../../host/drivers/postgres/deno_socket.ts";

/** A socket and its other end. */
async function pair(): Promise<
  { socket: DenoSocket; other: Deno.TcpConn; listener: Deno.Listener }
> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [connection, other] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  return { socket: new DenoSocket(connection), other, listener };
}

Deno.test("socket writes in order, larger pieces than the system takes at once too", async () => {
  const { socket, other, listener } = await pair();
  const sizes = [1, 8_000_000, 3, 70_000];
  const done: number[] = [];
  sizes.forEach((size, i) => socket.write(new Uint8Array(size).fill(i + 1), () => done.push(i)));
  socket.end(Uint8Array.of(9));
  const total = sizes.reduce((sum, size) => sum + size, 1);
  const runs: [number, number][] = [];
  const buffer = new Uint8Array(1 << 20);
  for (let length = 0; length < total;) {
    const read = (await other.read(buffer))!;
    for (const byte of buffer.subarray(0, read)) {
      if (runs.at(-1)?.[0] === byte) runs.at(-1)![1]++;
      else runs.push([byte, 1]);
    }
    length += read;
  }
  assertEquals(runs, [...sizes.map((size, i): [number, number] => [i + 1, size]), [9, 1]]);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("data", () => {});
  other.close();
  assertEquals(await closed, false);
  assertEquals(done, [0, 1, 2, 3]);
  assertEquals(socket.write(Uint8Array.of(1)), false);
  listener.close();
});

Deno.test("socket that is destroyed says so later, once, with its error, and lets writers go on", async () => {
  const { socket, other, listener } = await pair();
  const events: string[] = [];
  socket.on("data", () => {});
  socket.on("error", (error) => events.push(`error ${(error as Error).message}`));
  socket.on("close", (failed) => events.push(`close ${failed}`));
  const released = new Promise<void>((resolve) => {
    // More than the other end, which reads nothing, lets through.
    socket.write(new Uint8Array(50_000_000), resolve);
  });
  socket.destroy(new Error("given up"));
  socket.destroy();
  assertEquals([events.length, socket.closed, socket.readyState], [0, true, "closed"]);
  await released;
  await Promise.resolve();
  assertEquals(events, ["error given up", "close true"]);
  other.close();
  listener.close();
});

Deno.test("socket hands on what it reads as buffers that nobody else writes to", async () => {
  const { socket, other, listener } = await pair();
  const chunks: { toString(encoding: string): string }[] = [];
  const second = new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      chunks.push(chunk as typeof chunks[0]);
      if (chunks.length === 2) resolve();
      else other.write(new TextEncoder().encode("ü"));
    });
  });
  await other.write(new TextEncoder().encode("ö"));
  await second;
  assertEquals(chunks.map((chunk) => chunk.toString("utf8")), ["ö", "ü"]);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  other.close();
  await closed;
  listener.close();
});
