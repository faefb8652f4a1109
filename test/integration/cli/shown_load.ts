/** `snakepipe load --status` of standard input, as somebody looks at it. */
import * as v from "valibot";
import { type ProgramStatus, ProgramStatusSchema } from "../../../host/api/status_schema.ts";
import { eventually } from "../../support/eventually.ts";
import type { ProgramFolder } from "./program.ts";

/** A load of standard input, which runs until that ends. */
export class ShownLoad implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reading: Promise<unknown>;
  #err = "";

  /** Starts it, with these options. */
  constructor(place: ProgramFolder, args: readonly string[]) {
    const words = ["load", "-", "--format", "ndjson", "--batch-rows", "100", "--status", ":0"];
    const child = this.#child = place.start([...words, ...args]);
    this.#input = child.stdin.getWriter();
    this.#reading = Promise.all([
      child.stdout.pipeTo(new WritableStream()),
      (async () => {
        const texts = child.stderr.pipeThrough(new TextDecoderStream());
        for await (const text of texts) this.#err += text;
      })(),
    ]);
  }

  /** What it has said. */
  get err(): string {
    return this.#err;
  }

  /** Where it is shown, once it is. */
  address(): Promise<string> {
    return eventually("it is shown", () => /shown at (http:\S+)\/\n/.exec(this.#err)?.[1])
      .catch((error) => {
        throw new Error(`${error.message}\n${this.#err}`);
      });
  }

  /** Takes more of its input. */
  async write(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Ends its input; its exit status, once it has ended. */
  async close(): Promise<number> {
    await this.#input.close();
    const { code } = await this.#child.status;
    await this.#reading;
    return code;
  }

  /** What it tells of itself. */
  async status(): Promise<ProgramStatus> {
    return v.parse(
      ProgramStatusSchema,
      await (await fetch(`${await this.address()}/status`)).json(),
    );
  }

  /** Ends its input, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#child.status;
    await this.#reading;
  }
}
