/**
 * A plugin without the sandbox: the module on the engine itself, with the least that its imports can
 * do. What a call costs here is the plugin's own work, and the baseline of a call through the host.
 */
const DECODER = new TextDecoder();
const BLOCK_BYTES = 64 * 1024;

/**
 * A plugin without the sandbox: the module on the engine itself, with the least that its imports
 * can do.
 */
export class BarePlugin {
  readonly #exports: Record<string, () => number>;
  readonly #memory = new DataView(new ArrayBuffer(BLOCK_BYTES));
  readonly #lengths = new Map<bigint, number>();
  #input: DataView = new DataView(new ArrayBuffer(0));
  #used = 8;
  #answer = "";

  /** Makes an instance. */
  constructor(module: WebAssembly.Module) {
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {
      "extism:host/env": this.#kernel(),
      "extism:host/user": { config_number: () => 1_000n, config_text: () => 0n },
    };
    for (const { module: namespace, name } of WebAssembly.Module.imports(module)) {
      const functions = imports[namespace] ??= {};
      functions[name] ??= name.startsWith("sql_") ? this.#statement() : () => {};
    }
    const { exports } = new WebAssembly.Instance(module, imports);
    this.#exports = exports as unknown as Record<string, () => number>;
  }

  /** Calls an export; what it gave out last, as an output or as a statement. */
  call(name: string, input: Uint8Array): string {
    this.#input = new DataView(input.buffer, input.byteOffset, input.byteLength);
    this.#used = 8;
    this.#lengths.clear();
    this.#answer = "";
    const code = this.#exports[name]!();
    if (code !== 0) throw new Error(`${name} returned ${code}`);
    return this.#answer;
  }

  #statement(): (handle: bigint) => void {
    return (handle) => this.#answer = this.#text(handle);
  }

  #text(handle: bigint): string {
    return DECODER.decode(
      new Uint8Array(this.#memory.buffer, Number(handle), this.#lengths.get(handle)),
    );
  }

  #kernel(): Record<string, WebAssembly.ImportValue> {
    const memory = this.#memory;
    return {
      alloc: (bytes: bigint) => {
        const handle = BigInt(this.#used);
        this.#lengths.set(handle, Number(bytes));
        this.#used += Number(bytes);
        return handle;
      },
      length: (handle: bigint) => BigInt(this.#lengths.get(handle) ?? 0),
      load_u8: (at: bigint) => memory.getUint8(Number(at)),
      load_u64: (at: bigint) => memory.getBigUint64(Number(at), true),
      store_u8: (at: bigint, value: number) => memory.setUint8(Number(at), value),
      store_u64: (at: bigint, value: bigint) =>
        memory.setBigUint64(Number(at), BigInt.asUintN(64, value), true),
      input_length: () => BigInt(this.#input.byteLength),
      input_load_u8: (at: bigint) => this.#input.getUint8(Number(at)),
      input_load_u64: (at: bigint) => this.#input.getBigUint64(Number(at), true),
      output_set: (handle: bigint) => this.#answer = this.#text(handle),
    };
  }
}
