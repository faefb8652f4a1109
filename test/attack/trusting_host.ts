/**
 * A host that takes a plugin at its word: it reads no module before it compiles it, gives whatever is
 * asked for, believes handles, bounds nothing, and looks at no phase. It is what stands between a hostile
 * module and its harm once every layer of the real one is left out; the functions of its kernel do what
 * Extism's do.
 *
 * A program of its own, without permissions, so that it can be ended. Modules come on standard input,
 * each behind its length as a number of 32 bits; for each, a line with what was seen goes to standard
 * output, with how long it took. Aspects that are as they are with an honest plugin are there too: who
 * asks compares.
 */
import type { CapabilityName } from "../../src/plugin_api/capability.ts";

/** All that can be seen of a module's life, each aspect as a text; empty where there is nothing to see. */
type Look = Record<string, string>;

const COLUMNS = [{ name: "id", type: 1, flags: 2 }];
const SETTINGS: Readonly<Record<string, string>> = { url: "sample:t.db", authToken: "hush" };
/** Calls, in the order of a plugin's life. */
const LIFE = [
  "manifest",
  "connect",
  "close",
  "write_batch",
  "write_batch",
  "health_check",
  "health_check",
] as const;
/** What a plugin may have at the most, so that only what is beyond is seen. */
const MOST = {
  pages: 256,
  elements: 10_000,
  blocks: 30_000,
  blockBytes: 16 * 1024 * 1024,
  outputBytes: 1024 * 1024,
  logBytes: 4 * 1024,
} as const;
/** Instances that a host makes for one load: to read the manifest, for sessions, for a plan. */
const INSTANCES = 3;
/** As much fuel as a call is given. */
const FUEL = 100_000_000n;

type HostFunction = (...args: never[]) => unknown;

/** A module, what it was given, and what it has done so far. */
class Life {
  /** What it calls before it is asked anything. */
  phase = "start";
  readonly seen = { foreign: new Set<string>(), start: new Set<string>(), caught: "", log: 0 };
  /** The first plan, and the last. */
  readonly plans: string[] = [];
  draft: string[] = [];
  blocks: (Uint8Array | null)[] = [new Uint8Array(1)];
  mostBlocks = 0;
  bytes = 0;
  output = "";
  longest = 0;
  input: Uint8Array | undefined;
  #threw: string | undefined;

  /** Everything that the module asks for. */
  imports(module: WebAssembly.Module): WebAssembly.Imports {
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = Object.create(null);
    for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
      const given = imports[space] ??= Object.create(null) as Record<
        string,
        WebAssembly.ImportValue
      >;
      given[name] = this.#given({ space, name, kind });
    }
    return imports;
  }

  #given(
    { space, name, kind }: { readonly space: string; readonly name: string; readonly kind: string },
  ): WebAssembly.ImportValue {
    const foreign = `${kind} ${space} ${name}`;
    const of: Readonly<Record<string, HostFunction>> = space === "extism:host/env"
      ? this.#kernel
      : space === "extism:host/user"
      ? this.#user
      : {};
    if (kind === "function") {
      const known = Object.hasOwn(of, name) ? of[name]! : undefined;
      return (...args: unknown[]) => {
        if (this.phase === "start") this.seen.start.add(name);
        if (!known) {
          this.seen.foreign.add(foreign);
          return name === "fd_write" ? 0 : 0n;
        }
        try {
          return (known as (...args: unknown[]) => unknown)(...args);
        } catch (error) {
          this.#threw = name;
          throw error;
        }
      };
    }
    this.seen.foreign.add(foreign);
    if (kind === "global") return new WebAssembly.Global({ value: "i64", mutable: true }, FUEL);
    if (kind === "memory") return new WebAssembly.Memory({ initial: 1 });
    return new WebAssembly.Table({ element: "anyfunc", initial: 1 });
  }

  /** One call, by the export's name; what it returned. */
  call(name: string, exported: unknown): void {
    this.phase = name;
    this.#threw = undefined;
    const returned = (exported as () => unknown)();
    if (this.#threw !== undefined) this.seen.caught = this.#threw;
    if (returned !== 0 && returned !== undefined) this.output += ` returned ${returned}`;
  }

  /** Ends a call. */
  reset(): void {
    this.mostBlocks = Math.max(this.mostBlocks, this.blocks.length);
    this.blocks.length = 1;
  }

  #block(handle: bigint): Uint8Array | undefined | null {
    return this.blocks[Number(handle >> 48n)];
  }

  #text(handle: bigint): string {
    return new TextDecoder().decode(this.#block(handle) ?? undefined);
  }

  #alloc(size: bigint): bigint {
    const block = new Uint8Array(Number(size));
    this.bytes += block.length;
    return BigInt.asIntN(64, BigInt(this.blocks.push(block) - 1) << 48n);
  }

  #store(text: string): bigint {
    const bytes = new TextEncoder().encode(text);
    const handle = this.#alloc(BigInt(bytes.length));
    this.#block(handle)?.set(bytes);
    return handle;
  }

  #view(handle: bigint): DataView | undefined {
    const block = this.#block(handle);
    return block ? new DataView(block.buffer) : undefined;
  }

  readonly #offset = (handle: bigint) => Number(handle & 0xffff_ffff_ffffn);

  readonly #log = (handle: bigint) => {
    this.longest = Math.max(this.longest, this.#text(handle).length);
  };

  readonly #kernel: Readonly<Record<string, HostFunction>> = {
    alloc: (size: bigint) => this.#alloc(size),
    free: (handle: bigint) => void (this.blocks[Number(handle >> 48n)] = null),
    length: (handle: bigint) => BigInt(this.#block(handle)?.length ?? 0),
    length_unsafe: (handle: bigint) => BigInt(this.#block(handle)?.length ?? 0),
    load_u8: (handle: bigint) => this.#view(handle)?.getUint8(this.#offset(handle)),
    load_u64: (handle: bigint) => this.#view(handle)?.getBigUint64(this.#offset(handle), true),
    store_u8: (handle: bigint, byte: number) =>
      this.#view(handle)?.setUint8(this.#offset(handle), byte),
    store_u64: (handle: bigint, word: bigint) =>
      this.#view(handle)?.setBigUint64(this.#offset(handle), word, true),
    input_offset: () => {
      // Extism's stack of calls is empty as a module starts.
      const call = this.phase === "start" ? undefined : { input: 1n << 48n };
      return call!.input;
    },
    input_length: () => BigInt(this.input?.length ?? 0),
    input_load_u8: (at: bigint) => this.input![Number(at)],
    input_load_u64: (at: bigint) => new DataView(this.input!.buffer).getBigUint64(Number(at), true),
    output_set: (handle: bigint, length: bigint) => {
      const block = this.#block(handle);
      if (!block) throw new Error("cannot assign to this block");
      if (length > block.length) throw new Error("length longer than target block");
      this.output = new TextDecoder().decode(block);
      if (length !== BigInt(block.length)) this.output += ` of ${length} bytes`;
    },
    error_set: (handle: bigint) => void this.#text(handle),
    log_debug: this.#log,
    log_info: this.#log,
    log_warn: this.#log,
    log_error: this.#log,
  };

  readonly #say = (list: string) => (handle: bigint) => {
    this.draft.push(`${this.phase} ${list} ${shortened(this.#text(handle))}`);
  };

  readonly #user: Readonly<Record<CapabilityName, HostFunction>> = {
    batch_column_count: () => COLUMNS.length,
    batch_column_type: (column: number) => COLUMNS[column]!.type,
    batch_column_flags: (column: number) => COLUMNS[column]!.flags,
    batch_column_name: (column: number) => {
      // Given to nobody who was not granted it.
      this.seen.foreign.add("function extism:host/user batch_column_name");
      return this.#store(COLUMNS[column]!.name);
    },
    batch_mode: () => 0,
    shape_batch: (rows: number, bytes: number) => {
      this.draft.push(`${this.phase} batch of ${rows} rows, ${bytes} bytes`);
    },
    sql_session: this.#say("session"),
    sql_teardown: this.#say("teardown"),
    sql_create: this.#say("create"),
    sql_prepare: this.#say("prepare"),
    sql_stage: this.#say("stage"),
    sql_merge: this.#say("merge"),
    sql_finish: this.#say("finish"),
    sql_health: this.#say("health"),
    sql_insert: (statement: bigint, row: bigint, rowsMax: number) => {
      this.draft.push(
        `${this.phase} insert ${this.#text(statement)} ${this.#text(row)} ${rowsMax}`,
      );
    },
    config_text: (name: bigint) => {
      const value = SETTINGS[this.#text(name)];
      return value === undefined ? 0n : this.#store(String(value));
    },
    config_number: (name: bigint) => {
      const value = SETTINGS[this.#text(name)];
      return value === undefined ? 0n : 1n;
    },
    error_code: () => this.#store("SAMPLE_CODE"),
    error_class: () => {},
  };
}

/** Lets a module live. */
function look(bytes: Uint8Array<ArrayBuffer>): Look {
  const life = new Life();
  let error = "";
  let instance: WebAssembly.Instance | undefined;
  const began = performance.now();
  try {
    const module = new WebAssembly.Module(bytes);
    for (let i = 0; i < INSTANCES; i++) {
      instance = new WebAssembly.Instance(module, life.imports(module));
    }
    if (!instance) throw new Error("no instance");
    const counter = instance.exports["_snakepipe_fuel"];
    if (counter instanceof WebAssembly.Global) counter.value = FUEL;
    for (const name of ["hs_init", "_initialize", "_start", "_snakepipe_start"]) {
      (instance.exports[name] as (() => void) | undefined)?.();
    }
    const isWhole = typeof instance.exports["manifest"] === "function";
    for (const name of LIFE) {
      const exported = instance.exports[name];
      const isOptional = name === "close" || !isWhole;
      if (exported === undefined && isOptional) continue;
      life.call(name, exported);
      life.reset();
      if (name === "write_batch") {
        life.plans.push(life.draft.filter((said) => said.startsWith(name)).join("\n"));
        life.draft = life.draft.filter((said) => !said.startsWith(name));
      }
      if (name === "health_check") {
        life.input = new TextEncoder().encode(`{"latencyMs":1,"text":"1"}`);
      }
    }
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : "no Error at all";
    life.reset();
  }
  return {
    error,
    tookMs: String(Math.round(performance.now() - began)),
    memory: beyond(life, instance),
    table: tableBeyond(instance),
    imports: [...life.seen.foreign].map(shortened).join(", "),
    start: [...life.seen.start].join(", "),
    caught: life.seen.caught,
    counter: counterOf(instance),
    plan: [...new Set([...life.plans, ...life.draft])].join("\n"),
    returned: /returned \d+/.exec(life.output)?.[0] ?? "",
    output: outputBeyond(life.output),
    log: life.longest > MOST.logBytes ? `${life.longest} characters` : "",
  };
}

/** What it has of memory beyond what it may have. */
function beyond(life: Life, instance: WebAssembly.Instance | undefined): string {
  const memory = instance?.exports["memory"];
  const found: string[] = [];
  if (memory instanceof WebAssembly.Memory) {
    const pages = memory.buffer.byteLength / 65_536;
    if (pages > MOST.pages) found.push(`${pages} pages`);
    if (!(memory.buffer instanceof ArrayBuffer)) found.push("shared");
  }
  if (life.mostBlocks > MOST.blocks) found.push(`${life.mostBlocks} blocks`);
  if (life.bytes > MOST.blockBytes) found.push(`${life.bytes} bytes of blocks`);
  return found.join(", ");
}

function tableBeyond(instance: WebAssembly.Instance | undefined): string {
  const table = instance?.exports["table"];
  return table instanceof WebAssembly.Table && table.length > MOST.elements
    ? `${table.length} elements`
    : "";
}

/** How the counter of fuel got into its own hands. */
function counterOf(instance: WebAssembly.Instance | undefined): string {
  const { _snakepipe_fuel: counter, ...others } = instance?.exports ?? {};
  if (!(counter instanceof WebAssembly.Global)) return "";
  const value = counter.value as bigint;
  const also = Object.keys(others).filter((name) => {
    const other = others[name];
    if (!(other instanceof WebAssembly.Global)) return false;
    other.value = FUEL + 1n;
    return counter.value === FUEL + 1n;
  });
  return [
    ...(value > FUEL ? [`raised to ${value}`] : []),
    ...(value === FUEL ? ["nothing is taken from it"] : []),
    ...also.map((name) => `exported as ${name}`),
  ].join(", ");
}

function outputBeyond(output: string): string {
  if (output.length > MOST.outputBytes / 2) return `${output.length} characters`;
  if (output.includes("\ufffd")) return "no text";
  return / of -?\d+ bytes/.exec(output)?.[0] ?? "";
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}… ${text.length} characters` : text;
}

function read(length: number): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = Deno.stdin.readSync(bytes.subarray(at));
    if (count === null) return undefined;
    at += count;
  }
  return bytes;
}

for (let head = read(4); head; head = read(4)) {
  const bytes = read(new DataView(head.buffer).getUint32(0, true));
  if (!bytes) break;
  const line = new TextEncoder().encode(`${JSON.stringify(look(bytes))}\n`);
  for (let at = 0; at < line.length;) at += Deno.stdout.writeSync(line.subarray(at));
}
