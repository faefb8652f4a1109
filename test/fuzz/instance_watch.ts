/**
 * Sees instances as they are made: the host keeps them, and their counts of fuel, to itself. The one
 * function by which Extism makes instances is wrapped for that, in a process that does nothing else.
 */
import { FUEL_EXPORT } from "../../host/plugins/sandbox/meter.ts";

/** Sees instances as they are made: the host keeps them, and their counts of fuel, to itself. */
export class InstanceWatch {
  #exports: WebAssembly.Exports = {};

  /** Begins to watch, until the process ends. */
  static begin(): InstanceWatch {
    const watch = new InstanceWatch();
    const instantiate = WebAssembly.instantiate as (
      module: WebAssembly.Module,
      imports?: WebAssembly.Imports,
    ) => Promise<WebAssembly.Instance>;
    const watched: typeof instantiate = async (module, imports) => {
      // One that cannot be made has nothing, and what the last one has means nothing any more.
      watch.#exports = {};
      const instance = await instantiate(module, imports);
      watch.#exports = instance.exports;
      return instance;
    };
    Object.assign(WebAssembly, { instantiate: watched });
    return watch;
  }

  /** Forgets the youngest instance: what comes next may need none. */
  forget(): void {
    this.#exports = {};
  }

  /** What the youngest instance exports. */
  get exports(): WebAssembly.Exports {
    return this.#exports;
  }

  /** What the youngest instance has left of its fuel; nothing where it could not be made. */
  get fuel(): bigint {
    const counter = this.#exports[FUEL_EXPORT];
    return counter instanceof WebAssembly.Global ? counter.value as bigint : 0n;
  }
}
