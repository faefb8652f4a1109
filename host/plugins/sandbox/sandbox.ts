/**
 * The sandbox: the only file that imports Extism.
 *
 * Invariants
 * - One call at a time on an instance; a second one is a bug of the host and throws.
 * - Every call starts from an empty kernel memory (`reset`), with its own quota of blocks and bytes.
 * - A violation is sticky: whatever the guest does afterwards, the call fails, and after any trap or
 *   violation the instance is dead.
 * - What comes out is copied when it is set, bounded, and strictly decoded.
 * - Every call has its own fuel; one that has used it up is ended.
 */
import type { CallContext, ExtismPluginOptions, Plugin } from "@extism/extism";
import {
  CAPABILITIES,
  CAPABILITY_NAMESPACE,
  type CapabilityName,
} from "../../../src/plugin_api/capability.ts";
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { printable } from "../../../src/model/printable.ts";
import { type Call, type CallDraft, type CallInput, emptyDraft, Violation } from "./call.ts";
import { CAPABILITY_FUNCTIONS } from "./capability_functions.ts";
import { FUEL_EXPORT, START_EXPORT } from "./meter.ts";
import { KERNEL_NAMESPACE } from "./vet.ts";

/** What a call brought. */
export interface CallResult {
  readonly draft: CallDraft;
  /** What the plugin set as its output; empty where it set none. */
  readonly output: string;
}

/** A plugin says that it fails. */
class Refusal extends Error {}

/** What the plugin writes with Extism's log functions. */
export type PluginLog = (level: "debug" | "info" | "warn" | "error", line: string) => void;

type ExtismFunctions = NonNullable<ExtismPluginOptions["functions"]>;
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

type HostFunction = (context: CallContext, ...args: never[]) => number | bigint | void;

/** What an instance is made with. */
export interface SandboxOptions {
  readonly name: string;
  readonly log?: PluginLog;
  /** Hears of traps, violations and exhaustion. */
  readonly onFault?: (what: string) => void;
}

/** Loaded when first used: with it come Node's modules, for which nothing else needs to wait. */
let engine: Promise<typeof import("@extism/extism")> | undefined;

/** One instance of a vetted module. */
export class Sandbox {
  readonly #name: string;
  readonly #log: PluginLog;
  readonly #onFault: (what: string) => void;
  #plugin!: Plugin;
  #exports: readonly string[] = [];
  #fuel: WebAssembly.Global | undefined;
  #returnCode = 0;
  #running: Running | undefined;
  #dead: string | undefined;

  private constructor({ name, log, onFault }: SandboxOptions) {
    this.#name = name;
    this.#log = log ?? (() => {});
    this.#onFault = onFault ?? (() => {});
  }

  /**
   * Instantiates a vetted module.
   *
   * @throws {LoadError} `plugin_failed` if it cannot be made, or its start function traps,
   * `plugin_violation` if that calls the host, `plugin_exhausted` if it does not end
   */
  static async open(
    module: WebAssembly.Module,
    options: SandboxOptions & {
      /** Capability functions that the module imports; no others are there. */
      readonly imports: readonly CapabilityName[];
    },
  ): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    const { createPlugin } = await (engine ??= import("@extism/extism"));
    try {
      sandbox.#plugin = await createPlugin({ wasm: [{ module }] }, {
        useWasi: false,
        runInWorker: false,
        enableWasiOutput: false,
        allowedHosts: [],
        allowedPaths: {},
        config: {},
        functions: sandbox.#imports(options.imports) as unknown as ExtismFunctions,
      });
      sandbox.#takeExports(await sandbox.#plugin.getInstance());
    } catch (error) {
      throw sandbox.#failure("start", error);
    }
    return sandbox;
  }

  /** Whether it can be called: false after a trap or a violation, and after `close`. */
  get usable(): boolean {
    return this.#dead === undefined;
  }

  /** Whether the plugin has an export of that name. */
  exports(name: string): boolean {
    return this.#exports.includes(name);
  }

  /**
   * Calls an export.
   *
   * @throws {LoadError} `plugin_failed` (trap, error, non-zero return), `plugin_violation`,
   * `plugin_exhausted`
   */
  async call(input: CallInput, bytes: Uint8Array = new Uint8Array()): Promise<CallResult> {
    if (this.#dead !== undefined) {
      throw new LoadError(`Plugin ${this.#name} cannot be called any more: ${this.#dead}`, {
        code: "plugin_failed",
        blame: "plugin",
      });
    }
    if (this.#running) {
      throw new LoadError(`Plugin ${this.#name} is called while a call is under way`, {
        code: "bug",
        blame: "host",
      });
    }
    const running = new Running(input);
    this.#running = running;
    this.#returnCode = 0;
    this.#refuel();
    try {
      await this.#plugin.call(input.phase, bytes.slice());
      if (running.violation) throw running.violation;
      if (running.error !== undefined) throw new Refusal(running.error);
      if (this.#returnCode !== 0) throw new Refusal(`it returned ${this.#returnCode}`);
      return { draft: running.draft, output: running.output };
    } catch (error) {
      throw this.#failure(input.phase, error);
    } finally {
      this.#running = undefined;
      await this.#plugin.reset();
    }
  }

  /** Ends it for what its answers have shown, as if it had overstepped its bounds in a call. */
  condemn(phase: string, why: string): LoadError {
    return this.#failure(phase, new Violation(why));
  }

  /** Lets go of the instance. */
  async close(): Promise<void> {
    this.#dead ??= "it is closed";
    await this.#plugin.close();
  }

  #failure(phase: string, error: unknown): LoadError {
    const violation = this.#running?.violation ?? (error instanceof Violation ? error : undefined);
    // A plugin that aborts says why before it traps.
    const reason = violation?.message ?? this.#running?.error ?? messageOf(error);
    const what = printable(reason.slice(0, 500));
    const [did, code] = violation
      ? [`overstepped its bounds in ${phase}: ${what}`, "plugin_violation"] as const
      : this.#fuel && this.#fuel.value < 0n
      ? [`did not come to an end in ${phase}: its fuel is used up`, "plugin_exhausted"] as const
      : [`failed in ${phase}: ${what}`, "plugin_failed"] as const;
    this.#dead = `it ${did}`;
    // Where it says itself that it fails, that is an answer like any other.
    const said = this.#running?.error !== undefined || error instanceof Refusal;
    if (code !== "plugin_failed" || !said) this.#onFault(`it ${did}`);
    return new LoadError(`Plugin ${this.#name} ${did}`, { code, blame: "plugin" });
  }

  /** Extism ignores the code that an export returns. Its instance's exports are shadowed to read it. */
  #takeExports(instance: WebAssembly.Instance): void {
    const watched: Record<string, unknown> = Object.create(null);
    const { [FUEL_EXPORT]: fuel, [START_EXPORT]: start, ...exports } = instance.exports;
    this.#fuel = fuel as WebAssembly.Global;
    for (const [name, value] of Object.entries(exports)) {
      watched[name] = typeof value !== "function" ? value : () => {
        this.#returnCode = Number((value as () => unknown)() ?? 0);
      };
    }
    Object.defineProperty(instance, "exports", { value: watched });
    this.#exports = Object.keys(watched);
    this.#refuel();
    (start as (() => void) | undefined)?.();
  }

  #refuel(): void {
    this.#fuel!.value = BigInt(LIMITS.fuelPerCall);
  }

  #imports(names: readonly CapabilityName[]): Record<string, Record<string, HostFunction>> {
    const user: Record<string, HostFunction> = Object.create(null);
    for (const name of names) {
      const phases: readonly string[] = CAPABILITIES[name].phases;
      const act = CAPABILITY_FUNCTIONS[name];
      user[name] = (context, ...args) =>
        this.#guard(context, name, (running) => {
          if (!phases.includes(running.phase)) {
            throw new Violation(`${name} is not to be called in ${running.phase}`);
          }
          return act(running, ...args);
        });
    }
    return { [CAPABILITY_NAMESPACE]: user, [KERNEL_NAMESPACE]: this.#kernel() };
  }

  /** Extism's own functions, where it has no bounds of its own. */
  #kernel(): Record<string, HostFunction> {
    const guard = (
      name: string,
      act: (running: Running, ...args: never[]) => number | bigint | void,
    ): HostFunction =>
    (context, ...args) => this.#guard(context, name, (running) => act(running, ...args));
    const log = (level: "debug" | "info" | "warn" | "error") =>
      guard(`log_${level}`, (running, handle: bigint) => {
        if (++running.logLines > LIMITS.logLinesPerCallMax) return;
        this.#log(level, printable(running.readBytes(handle, LIMITS.logLineBytesMax)));
      });
    return {
      alloc: guard("alloc", (running, size: bigint) => running.alloc(size)),
      output_set: guard("output_set", (running, handle: bigint, length: bigint) => {
        running.output = running.readBytes(handle, LIMITS.outputBytesMax, length);
      }),
      error_set: guard("error_set", (running, handle: bigint) => {
        running.error = handle === 0n
          ? undefined
          : running.readBytes(handle, LIMITS.logLineBytesMax);
      }),
      log_debug: log("debug"),
      log_info: log("info"),
      log_warn: log("warn"),
      log_error: log("error"),
    };
  }

  #guard(
    context: CallContext,
    name: string,
    act: (running: Running) => number | bigint | void,
  ): number | bigint | void {
    const running = this.#running;
    if (!running) throw new Violation(`${name} is called outside of an export`);
    if (running.thrown) throw running.thrown.error;
    running.context = context;
    try {
      return act(running);
    } catch (error) {
      // Kept before anything is called: the guest may have used up the stack.
      running.thrown = { name, error };
      throw error;
    }
  }
}

/** The state of one call. */
class Running implements Call {
  readonly phase: Call["phase"];
  readonly settings: Call["settings"];
  readonly shape?: NonNullable<Call["shape"]>;
  readonly errorCode?: string;
  readonly draft = emptyDraft();
  context!: CallContext;
  /** What a function of the host has thrown first, and which one. */
  thrown: { readonly name: string; readonly error: unknown } | undefined;
  output = "";
  error: string | undefined;
  logLines = 0;
  #blocks = 0;
  #blockBytes = 0;
  #bytesRead = 0;

  constructor(input: CallInput) {
    this.phase = input.phase;
    this.settings = input.settings;
    if (input.shape) this.shape = input.shape;
    if (input.errorCode !== undefined) this.errorCode = input.errorCode;
  }

  /** How the guest has overstepped its bounds; undefined where it has not. */
  get violation(): Violation | undefined {
    if (!this.thrown) return undefined;
    const { name, error } = this.thrown;
    return error instanceof Violation ? error : new Violation(`${name}: ${messageOf(error)}`);
  }

  alloc(size: bigint): bigint {
    if (size < 0n || size > BigInt(LIMITS.blockBytesPerCallMax)) {
      throw new Violation(`a block of ${size} bytes, at most ${LIMITS.blockBytesPerCallMax}`);
    }
    this.#count(Number(size));
    return this.context.alloc(size);
  }

  readText(handle: bigint): string {
    const text = this.readBytes(handle, LIMITS.statementBytesMax);
    if (text.includes("\0")) throw new Violation("a text with U+0000");
    return text;
  }

  storeText(text: string | undefined): bigint {
    if (text === undefined) return 0n;
    const bytes = ENCODER.encode(text);
    this.#count(bytes.length);
    // An empty text still needs a block of its own: 0 means that there is none.
    return bytes.length === 0 ? this.context.alloc(0) : this.context.store(bytes);
  }

  readBytes(handle: bigint, bytesMax: number, length?: bigint): string {
    if (handle & 0xffff_ffff_ffffn) {
      throw new Violation("a handle that points into the middle of a block");
    }
    const block = handle === 0n ? undefined : this.context.read(handle)?.bytes();
    if (!block) throw new Violation("a handle of no block");
    const size = length === undefined ? block.length : Number(length);
    if (size < 0 || size > block.length) {
      throw new Violation(`${size} bytes of a block of ${block.length}`);
    }
    if (size > bytesMax) throw new Violation(`a text of ${size} bytes, at most ${bytesMax}`);
    // Fuel knows how often the host is called, and not how much it has to read.
    this.#bytesRead += size;
    if (this.#bytesRead > LIMITS.readBytesPerCallMax) {
      throw new Violation(`more than ${LIMITS.readBytesPerCallMax} bytes of texts in one call`);
    }
    try {
      return DECODER.decode(
        block.subarray(0, size),
      );
    } catch (error) {
      // Where the stack is at its end, decoding fails as anything would.
      if (!(error instanceof TypeError)) throw error;
      throw new Violation("a text that is not UTF-8");
    }
  }

  #count(bytes: number): void {
    this.#blocks += 1;
    this.#blockBytes += bytes;
    if (this.#blocks > LIMITS.blocksPerCallMax) {
      throw new Violation(`more than ${LIMITS.blocksPerCallMax} blocks in one call`);
    }
    if (this.#blockBytes > LIMITS.blockBytesPerCallMax) {
      throw new Violation(`more than ${LIMITS.blockBytesPerCallMax} bytes of blocks in one call`);
    }
  }
}
