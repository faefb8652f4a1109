/**
 * A connection of the runtime's own in the form in which the client library takes Node's sockets.
 *
 * Invariants
 * - Bytes are written in the order in which they came, each write whole before the next.
 * - `close` comes once, whichever end has closed it, and is the last event.
 * - Nothing is read before somebody listens for data.
 */
import { libraryBuffer } from "./library_buffer.ts";

type Listener = (value?: unknown) => void;

/** Bytes that are waiting to be written, and who is told once they are, or will never be. */
interface Write {
  readonly bytes: Uint8Array;
  readonly done: (() => void) | undefined;
}

/** What the server answers to statements mostly fits. */
const READ_BYTES = 8 * 1024;

/** A socket on a connection of the runtime's own; it does as much as the client library asks for. */
export class DenoSocket {
  readonly #connection: Deno.Conn;
  readonly #listeners = new Map<
    string,
    { readonly listener: Listener; readonly once: boolean }[]
  >();
  readonly #writes: Write[] = [];
  #writing = false;
  #reading = false;
  /** Whether nothing is written any more behind what is waiting. */
  #ending = false;
  #closed = false;

  /** Takes over an open connection. */
  constructor(connection: Deno.Conn) {
    this.#connection = connection;
    if (connection.remoteAddr.transport === "tcp") {
      (connection as Deno.TcpConn).setNoDelay(true);
    }
  }

  /** Whether nothing is to be expected of it any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** What the library looks at before it says goodbye. */
  get readyState(): "open" | "closed" {
    return this.#closed || this.#ending ? "closed" : "open";
  }

  /** Calls back on each `data`, `error`, `close`. */
  on(event: string, listener: Listener): this {
    return this.#listen(event, { listener, once: false });
  }

  /** Calls back on the next one. */
  once(event: string, listener: Listener): this {
    return this.#listen(event, { listener, once: true });
  }

  /** Ends what `on` or `once` has begun. */
  removeListener(event: string, listener: Listener): this {
    const there = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, there.filter((entry) => entry.listener !== listener));
    return this;
  }

  /** Ends all of it. */
  removeAllListeners(): this {
    this.#listeners.clear();
    return this;
  }

  /** Has the system notice a server that is gone. */
  setKeepAlive(keep: boolean): this {
    if (this.#connection.remoteAddr.transport === "tcp" && !this.#closed) {
      (this.#connection as Deno.TcpConn).setKeepAlive(keep);
    }
    return this;
  }

  /** Writes bytes, which must stay as they are until `done` is called. */
  write(bytes: Uint8Array, done?: () => void): boolean {
    if (this.#closed || this.#ending) {
      done?.();
      return false;
    }
    this.#writes.push({ bytes, done });
    if (!this.#writing) this.#writeAll();
    return true;
  }

  /** Writes the last bytes; the server closes. */
  end(bytes: Uint8Array): this {
    this.write(bytes);
    this.#ending = true;
    return this;
  }

  /** Closes at once. */
  destroy(error?: Error): this {
    this.#close(error);
    return this;
  }

  #listen(event: string, entry: { readonly listener: Listener; readonly once: boolean }): this {
    this.#listeners.set(event, [...this.#listeners.get(event) ?? [], entry]);
    if (event === "data" && !this.#reading) this.#readAll();
    return this;
  }

  #emit(event: string, value?: unknown): void {
    for (const { listener, once } of this.#listeners.get(event) ?? []) {
      if (once) this.removeListener(event, listener);
      listener(value);
    }
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    try {
      for (let next = this.#writes[0]; next; next = this.#writes[0]) {
        let { bytes } = next;
        while (bytes.length > 0) bytes = bytes.subarray(await this.#connection.write(bytes));
        if (this.#closed) return;
        this.#writes.shift();
        next.done?.();
      }
    } catch (error) {
      this.#close(error);
    } finally {
      this.#writing = false;
    }
  }

  async #readAll(): Promise<void> {
    this.#reading = true;
    try {
      const bytes = new Uint8Array(READ_BYTES);
      for (;;) {
        const length = await this.#connection.read(bytes);
        if (length === null || this.#closed) break;
        // What is read stays with the library.
        this.#emit("data", libraryBuffer(bytes.slice(0, length)));
      }
      this.#close();
    } catch (error) {
      this.#close(error);
    }
  }

  #close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#connection.close();
    } catch {
      // It is closed.
    }
    // The caller goes on first.
    queueMicrotask(() => {
      for (const { done } of this.#writes.splice(0)) done?.();
      if (error !== undefined) this.#emit("error", error);
      this.#emit("close", error !== undefined);
    });
  }
}
