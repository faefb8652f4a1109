/**
 * As much of Node's stream as the client library uses for a COPY into the server, whose data go past
 * it: to end it, or to give it up.
 */
interface Steps {
  destroy(error: unknown, callback: () => void): void;
  final(callback: () => void): void;
}

class Writable {
  /** What giving it up does; the driver puts another in its place. */
  _destroy: Steps["destroy"];
  readonly #steps: Steps;

  constructor(steps: Steps) {
    this.#steps = steps;
    this._destroy = steps.destroy;
  }

  /** Has no events: errors come as the outcome of the query. */
  on(): this {
    return this;
  }

  end(): void {
    this.#steps.final(() => {});
  }

  destroy(error: unknown): this {
    this._destroy(error, () => {});
    return this;
  }
}

/** The driver runs no COPY to here. */
class Unused {
  constructor() {
    throw new Error("Only a COPY into the server is known here");
  }
}

export default { Writable, Readable: Unused, Duplex: Unused };
