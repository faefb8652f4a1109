const REDACTED = "[secret]";

/** A string that prints as `[secret]` however it is printed: template, JSON, console, inspect. */
export class Secret {
  readonly #text: string;

  /** Wraps the text. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Only drivers call this. */
  reveal(): string {
    return this.#text;
  }

  /** `[secret]`. */
  toString(): string {
    return REDACTED;
  }

  /** `[secret]`. */
  toJSON(): string {
    return REDACTED;
  }

  /** `[secret]`. */
  [Symbol.for("Deno.customInspect")](): string {
    return REDACTED;
  }

  /** `[secret]`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED;
  }
}
