/**
 * Runs a module in a host that takes it at its word, and tells what it does there that an honest plugin
 * does not. The host is a process of its own: one that keeps the processor, or takes memory without end,
 * is ended, and the next module has a new one.
 */
import { fromFileUrl } from "@std/path";

/** All that can be seen of a module's life, each aspect as a text. */
export type ModuleLook = Readonly<Record<string, string>>;

const PROGRAM = fromFileUrl(new URL("./trusting_host.ts", import.meta.url));
/**
 * A module that takes a third as long as it takes to start the host. An honest plugin takes a tenth,
 * the fastest of those that do harm two thirds.
 */
const CPU_SHARE = 0.3;
/** Where it is not the processor that is looked at. */
const CPU_MS_PATIENT = 10_000;
/** It sleeps where the clock goes on for so much longer than the processor works for it. */
const SLEEP_MS = 400;
/** Whatever the machine has to do beside it. */
const CLOCK_MS_MAX = 60_000;
/** Beside what the host had before. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;
const MEMORY_BYTES_PATIENT = 1024 * 1024 * 1024;
const POLL_MS = 5;
/** Of `/proc`: memory is counted in pages, and what a thread has had of the processor in nanoseconds. */
const PAGE_BYTES = 4_096;
const NANOS_PER_MS = 1e6;

/** A host that takes plugins at their word. */
export class TrustingHost implements AsyncDisposable {
  readonly #honest: Uint8Array<ArrayBuffer>;
  #process: HostProcess | undefined;
  /** What starting one took of the processor, at the least: other work can only make it more. */
  #startMs = Infinity;
  /** Whether anything but an honest plugin has run in it. */
  #used = false;
  #expected: ModuleLook | undefined;

  /** A host that knows what an honest plugin looks like. */
  constructor(honest: Uint8Array<ArrayBuffer>) {
    this.#honest = honest;
  }

  /**
   * What a module does. Where time or memory is among the aspects that are looked at, it has a process in
   * which nothing else has run before, and is ended as soon as that is beyond its bounds.
   */
  async look(
    module: Uint8Array<ArrayBuffer>,
    aspects: readonly string[],
  ): Promise<ModuleLook> {
    const measured = aspects.includes("time") || aspects.includes("memory");
    if (measured && this.#used) {
      await this.#process?.end();
      this.#process = undefined;
    }
    this.#process ??= await this.#started();
    this.#used = true;
    const look = await this.#process.look(module, {
      cpuMs: aspects.includes("time") ? CPU_SHARE * this.#startMs : CPU_MS_PATIENT,
      bytes: aspects.includes("memory") ? MEMORY_BYTES_MAX : MEMORY_BYTES_PATIENT,
    });
    if (this.#process.ended) this.#process = undefined;
    return look;
  }

  /** Aspects in which a module's look is another than an honest plugin's. */
  harmOf(look: ModuleLook): string[] {
    return Object.keys(look).filter((aspect) => look[aspect] !== (this.#expected?.[aspect] ?? ""));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.end();
  }

  /** One that has run everything once, so that what comes next is its own time. */
  async #started(): Promise<HostProcess> {
    const started = new HostProcess();
    this.#used = false;
    this.#expected = await started.look(this.#honest);
    this.#startMs = Math.min(this.#startMs, (await started.usage()).cpuMs);
    return started;
  }
}

/** One process. */
class HostProcess {
  readonly #child: Deno.ChildProcess;
  readonly #to: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #from: ReadableStreamDefaultReader<string>;
  #text = "";
  #ended = false;

  constructor() {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-prompt", "--quiet", PROGRAM],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#to = this.#child.stdin.getWriter();
    this.#from = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Whether it was ended, or has ended by itself. */
  get ended(): boolean {
    return this.#ended;
  }

  async look(
    module: Uint8Array<ArrayBuffer>,
    bounds?: Usage,
  ): Promise<ModuleLook> {
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, module.length, true);
    const before = bounds && await this.usage();
    const sent = (async () => {
      await this.#to.write(head);
      await this.#to.write(module);
    })().catch(() => {});
    const watch = bounds && before && this.#watch(before, bounds);
    const line = await this.#line();
    const beyond = await watch?.stop();
    await sent;
    if (line !== undefined) {
      const { tookMs, ...look } = JSON.parse(line);
      const cpuMs = before && !beyond ? (await this.usage()).cpuMs - before.cpuMs : tookMs;
      // On a machine that is busy, everything waits: it is looked at where it is asked for alone.
      const slept = bounds && bounds.cpuMs < CPU_MS_PATIENT && tookMs - cpuMs > SLEEP_MS;
      return { ...look, time: slept ? `slept for ${tookMs - cpuMs} ms` : "", ...beyond };
    }
    await this.end();
    return beyond ?? { crash: "the host is gone" };
  }

  /** Ends it. */
  async end(): Promise<void> {
    this.#ended = true;
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#to.abort().catch(() => {});
    await this.#from.cancel().catch(() => {});
    await this.#child.status;
  }

  /** Ends it as soon as it has taken too much; tells of what. */
  #watch(before: Usage, bounds: Usage): { stop(): Promise<ModuleLook | undefined> } {
    let stopped = false;
    const began = performance.now();
    const watching = (async (): Promise<ModuleLook | undefined> => {
      for (;;) {
        const found = await this.#excess(before, bounds, performance.now() - began);
        if (found) {
          await this.end();
          return found;
        }
        if (stopped) return undefined;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    })();
    return {
      stop: () => {
        stopped = true;
        return watching;
      },
    };
  }

  async #excess(before: Usage, bounds: Usage, clockMs: number): Promise<ModuleLook | undefined> {
    if (clockMs > CLOCK_MS_MAX) throw new Error("A trusting host does not answer");
    const now = await this.usage().catch(() => undefined);
    if (!now) return undefined;
    const [cpuMs, bytes] = [now.cpuMs - before.cpuMs, now.bytes - before.bytes];
    if (cpuMs < bounds.cpuMs && bytes < bounds.bytes) return undefined;
    return {
      ...(cpuMs < bounds.cpuMs ? {} : { time: `${cpuMs} ms of the processor` }),
      ...(bytes < bounds.bytes ? {} : { memory: `${bytes} bytes` }),
    };
  }

  /** What it has taken so far. */
  async usage(): Promise<Usage> {
    const place = `/proc/${this.#child.pid}`;
    const threads = await Array.fromAsync(Deno.readDir(`${place}/task`));
    const nanos = await Promise.all(threads.map(async ({ name }) => {
      // A thread may end meanwhile.
      const text = await Deno.readTextFile(`${place}/task/${name}/schedstat`).catch(() => "0");
      return Number(text.split(" ")[0]);
    }));
    const statm = await Deno.readTextFile(`${place}/statm`);
    return {
      cpuMs: nanos.reduce((sum, each) => sum + each, 0) / NANOS_PER_MS,
      bytes: Number(statm.split(" ")[1]) * PAGE_BYTES,
    };
  }

  async #line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      const { value, done } = await this.#from.read().catch(() => ({ value: "", done: true }));
      if (done) return undefined;
      this.#text += value;
    }
  }
}

/** What a process has taken, or may take. */
interface Usage {
  readonly cpuMs: number;
  readonly bytes: number;
}
