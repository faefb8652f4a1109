/** A pipe that several loads read, each at its own pace. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { OpenPart, Source } from "../../../host/sources/source.ts";
import { SourceTee, type TeeOptions } from "../../../host/sources/tee.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { ManualWorld, settle } from "../../support/manual_world.ts";

const KIB = 1024;

/** Standard input of so many bytes, each other than the one before; what was read of it, and whether it is closed. */
function pipeOf(bytes: number, pieces: (left: number) => number = () => 50 * KIB) {
  const state = { read: 0, opened: 0, closed: 0, fails: false };
  const source: Source = {
    name: "-",
    files: ["-"],
    async *parts() {
      yield {
        name: "-",
        open: () => {
          state.opened++;
          return Promise.resolve({
            ...{ format: { kind: "ndjson" }, line: 1, byteOffset: 3 } as const,
            read: (into: Uint8Array) => {
              if (state.fails) return Promise.reject(new Error("it broke"));
              const count = Math.min(bytes - state.read, into.length, pieces(bytes - state.read));
              for (let i = 0; i < count; i++) into[i] = byteAt(state.read + i);
              state.read += count;
              return Promise.resolve(count === 0 ? undefined : count);
            },
            bytesRead: () => state.read,
            close: () => {
              state.closed++;
              return Promise.resolve();
            },
          });
        },
      };
    },
  };
  return { source, state };
}

function byteAt(position: number): number {
  return (position * 7 + (position >> 8)) & 0xff;
}

/** One of the loads: what it has read until now is checked. */
class Reading {
  readonly part: OpenPart;
  position = 0;
  outcome: "waits" | "read" | "ended" | LoadError | Error = "read";

  constructor(part: OpenPart) {
    this.part = part;
  }

  /** Asks once, and lets everything happen that does not wait. */
  async ask(roomBytes = 64 * KIB): Promise<void> {
    const into = new Uint8Array(roomBytes);
    this.outcome = "waits";
    void this.part.read(into).then((count) => {
      if (count === undefined) return void (this.outcome = "ended");
      for (let i = 0; i < count; i++) assertEquals(into[i], byteAt(this.position + i));
      this.position += count;
      this.outcome = "read";
    }, (error) => void (this.outcome = error));
    await settle();
  }

  /** Asks until it has to wait, or there is no more. */
  async askOn(): Promise<void> {
    do await this.ask(); while (this.outcome === "read");
  }
}

async function readings(
  names: readonly string[],
  { source, ...options }: TeeOptions & { readonly source: Source },
): Promise<{ readonly tee: SourceTee; readonly all: Reading[] }> {
  const tee = new SourceTee(names, options);
  const all: Reading[] = [];
  for (const name of names) {
    for await (const part of tee.sourceOf(name, source).parts()) {
      all.push(new Reading(await part.open()));
    }
  }
  return { tee, all };
}

Deno.test("tee: each load reads all of it, in whatever pieces it asks, and it is read once", async () => {
  const { source, state } = pipeOf(1_000_000);
  const { all } = await readings(["a", "b", "c"], { source });
  const [a, b, c] = all as [Reading, Reading, Reading];
  assertEquals([a.part.line, a.part.byteOffset, b.part.byteOffset], [1, 3, 3]);
  for (let i = 0; i < 500 && [a, b, c].some(({ outcome }) => outcome !== "ended"); i++) {
    if (a.outcome !== "ended") await a.ask();
    if (i % 2 === 0 && b.outcome !== "ended") await b.ask(100 * KIB + i);
    if (i % 3 === 0 && c.outcome !== "ended") await c.ask(300 * KIB);
  }
  assertEquals([a, b, c].map(({ position }) => position), [1_000_000, 1_000_000, 1_000_000]);
  assertEquals([state.opened, state.closed], [1, 0]);
  for (const { part } of [a, b, c, a]) await part.close();
  assertEquals(state.closed, 1);
});

Deno.test("tee: one that is behind holds the others up for a while in all, and is then cut off alone", async () => {
  const { source, state } = pipeOf(10_000 * KIB);
  const world = new ManualWorld();
  const limits = { bytesMax: 1_000 * KIB, waitMsMax: 1_000, world };
  const { all } = await readings(["fast", "slow", "mid"], { source, ...limits });
  const [fast, slow, mid] = all as [Reading, Reading, Reading];
  const others = async () => {
    do {
      await fast.ask();
      while (mid.position < fast.position) await mid.ask();
    } while (fast.outcome === "read");
  };
  await slow.ask();
  const taken = slow.position;
  await others();
  assertEquals(fast.outcome, "waits");
  assert(fast.position - slow.position <= 1_050 * KIB, `${fast.position - slow.position}`);
  assertEquals(state.read, fast.position);
  await world.pass(600);
  assertEquals(fast.outcome, "waits");
  // It gets on, and so do the others; what they have waited is not forgotten.
  await slow.ask();
  await settle();
  assert(slow.position > taken);
  assertEquals(fast.outcome, "read");
  await others();
  assertEquals(fast.outcome, "waits");
  await world.pass(399);
  assertEquals(fast.outcome, "waits");
  await world.pass(1);
  assertEquals(fast.outcome, "read");
  assertEquals([fast, slow].map(({ part, position }) => part.bytesRead() === position), [
    true,
    true,
  ]);
  const error = await assertRejects(() => slow.part.read(new Uint8Array(64 * KIB)), LoadError);
  assertEquals([error.code, error.message], [
    "backend_unavailable",
    "Standard input went on without this target: it was 1 MiB behind the others, which had waited 1 s for " +
    "it. Give the same input again, to this target alone, and what it lacks is loaded",
  ]);
  while (fast.outcome !== "ended") {
    await fast.ask();
    while (mid.position < fast.position) await mid.ask();
  }
  await mid.askOn();
  assertEquals([fast.position, mid.position], [10_000 * KIB, 10_000 * KIB]);
  assertEquals(world.sleepers, 0);
});

Deno.test("tee: one that ends, or does not begin, holds nobody up; small pieces do not fill the memory", async () => {
  const { source, state } = pipeOf(3_000 * KIB, () => 100);
  const world = new ManualWorld();
  const tee = new SourceTee(["a", "down", "b"], { bytesMax: 500 * KIB, waitMsMax: 1_000, world });
  const [a, b] = await Promise.all(["a", "b"].map(async (name) => {
    const [part] = await Array.fromAsync(tee.sourceOf(name, source).parts());
    return new Reading(await part!.open());
  })) as [Reading, Reading];
  const before = Deno.memoryUsage().external;
  await a.askOn();
  // 5,000 pieces of 100 bytes: of one size each would be more than 300 MiB.
  assert(Deno.memoryUsage().external - before < 16 * KIB * KIB);
  assertEquals([a.outcome, state.read], ["waits", 500 * KIB]);
  tee.leave("down");
  await settle();
  assertEquals(a.outcome, "waits");
  await b.part.close();
  await settle();
  assertEquals(a.outcome, "read");
  await b.ask();
  assertEquals(b.outcome, "ended");
  // A read that waits ends where the part is closed.
  tee.leave("a");
  await settle();
  assertEquals(state.closed, 1);
});

Deno.test("tee: what breaks breaks for all, behind what was read", async () => {
  const { source, state } = pipeOf(1_000 * KIB);
  const { all } = await readings(["a", "b"], { source });
  const [a, b] = all as [Reading, Reading];
  await a.ask();
  state.fails = true;
  await a.ask();
  assertEquals(String(a.outcome), "Error: it broke");
  await b.ask();
  assertEquals([b.outcome, b.position], ["read", a.position]);
  await assertRejects(() => b.part.read(new Uint8Array(64 * KIB)), Error, "it broke");
});

Deno.test("tee: files are read by each load itself", async () => {
  const file = await Deno.makeTempFile();
  try {
    let opened = 0;
    const source: Source = {
      name: file,
      async *parts() {
        yield { name: file, open: () => Promise.reject(new Error(`opened ${++opened} times`)) };
      },
    };
    const tee = new SourceTee(["a", "b"]);
    for (const [i, name] of ["a", "b"].entries()) {
      const [part] = await Array.fromAsync(tee.sourceOf(name, source).parts());
      await assertRejects(() => part!.open(), Error, `opened ${i + 1} times`);
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("tee: one that is far behind and alone by then is not cut off, since nobody waits for it", async () => {
  const { source } = pipeOf(3_000 * KIB);
  const world = new ManualWorld();
  const limits = { bytesMax: 500 * KIB, waitMsMax: 1_000, world };
  const { all } = await readings(["fast", "slow"], { source, ...limits });
  const [fast, slow] = all as [Reading, Reading];
  await fast.askOn();
  assertEquals(fast.outcome, "waits");
  await world.pass(500);
  await fast.part.close();
  await settle();
  await world.pass(10_000);
  await slow.askOn();
  assertEquals([slow.outcome, slow.position], ["ended", 3_000 * KIB]);
  assertEquals(world.sleepers, 0);
});
