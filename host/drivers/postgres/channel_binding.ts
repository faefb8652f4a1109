/**
 * Authentication that is bound to the channel: SCRAM-SHA-256-PLUS with `tls-server-end-point`
 * (RFC 5802, RFC 5929; "SASL Authentication" in PostgreSQL's manual). Who stands in the middle has
 * another certificate, and the proof that he passes on does not fit it.
 *
 * The client library knows no binding. So this happens before it is handed the socket, which comes to
 * it paused: its own startup packet goes nowhere, and what the server says next is all there.
 */
import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import sasl from "pg/lib/crypto/sasl.js";
import type { Target } from "./config.ts";
import { SessionError } from "./session_error.ts";

const MECHANISM = "SCRAM-SHA-256-PLUS";
/** Rounds of the password's hash that a server may ask for. */
const ROUNDS_MAX = 1_000_000_000;

/**
 * Sends the startup packet, and proves on an encrypted socket that both ends know the password and
 * see the same certificate. Resolves once the server has let us in.
 *
 * @throws {SessionError}
 */
export async function authenticateBound(
  socket: TLSSocket,
  target: Target,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const messages = new Messages(socket);
  socket.write(startupMessage(parameters));
  const offer = await messages.authentication(10);
  if (!offer.split("\0").includes(MECHANISM)) throw refused();
  // No server has such a password, and the library asks none.
  if (target.password.reveal() === "") throw new SessionError("28P01");
  const session = sasl.startSession([MECHANISM], socket, ROUNDS_MAX);
  const first = Buffer.from(session.response);
  socket.write(message("p", Buffer.from(`${MECHANISM}\0`), int32(first.length), first));
  const challenge = await messages.authentication(11);
  await proven(() => sasl.continueSession(session, target.password.reveal(), challenge, socket));
  socket.write(message("p", Buffer.from(session.response)));
  const final = await messages.authentication(12);
  await proven(() => sasl.finalizeSession(session, final));
  await messages.authentication(0);
  messages.leave();
  swallowFirstWrite(socket);
}

/** A step of the proof. What the library says of a certificate has all of it, and is not kept. */
async function proven(step: () => Promise<void> | void): Promise<void> {
  try {
    await step();
  } catch (error) {
    const ofCertificate = String(error).includes("SASL channel binding");
    throw ofCertificate ? refused() : new SessionError("SASL_SIGNATURE_MISMATCH");
  }
}

function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== "");
  const body = Buffer.from(pairs.map(([name, value]) => `${name}\0${value}\0`).join("") + "\0");
  // Version 3.0 of the protocol.
  return Buffer.concat([int32(body.length + 8), int32(3 << 16), body]);
}

function message(kind: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function refused(): SessionError {
  return new SessionError("CHANNEL_BINDING_REFUSED");
}

/** The library sends a startup packet of its own, before anything else and alone. */
function swallowFirstWrite(socket: Socket): void {
  const write = socket.write;
  socket.write = ((_startup: unknown, ...more: unknown[]) => {
    socket.write = write;
    const done = more.at(-1);
    if (typeof done === "function") done();
    socket.resume();
    return true;
  }) as typeof socket.write;
}

/** Messages of the server, one after the other. */
class Messages {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", this.#take).once("close", this.#end).once("end", this.#end);
  }

  /** The text of an authentication message of that type. @throws {SessionError} */
  async authentication(type: number): Promise<string> {
    const [kind, body] = await this.#next();
    if (kind === "E") throw new SessionError(refusalCode(errorCode(body), type));
    // Let in without a proof, or asked for another one.
    if (kind !== "R" || body.readInt32BE(0) !== type) throw refused();
    return body.toString("utf8", 4);
  }

  /** Gives back what was read too far, and reads no more. */
  leave(): void {
    this.#socket.pause();
    this.#socket.off("data", this.#take).off("close", this.#end).off("end", this.#end);
    if (this.#bytes.length > 0) this.#socket.unshift(this.#bytes);
  }

  readonly #take = (chunk: Buffer): void => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake?.();
  };

  readonly #end = (): void => {
    this.#ended = true;
    this.#wake?.();
  };

  async #next(): Promise<[kind: string, body: Buffer]> {
    for (;;) {
      const whole = this.#bytes.length < 5 ? Infinity : this.#bytes.readInt32BE(1) + 1;
      if (this.#bytes.length >= whole) {
        const kind = String.fromCharCode(this.#bytes[0]!);
        const body = this.#bytes.subarray(5, whole);
        this.#bytes = this.#bytes.subarray(whole);
        return [kind, body];
      }
      if (this.#ended) throw new SessionError("ECONNRESET");
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

/** In answer to a proof, 28000 says that it is bound to another certificate than the server's. */
function refusalCode(code: string, awaited: number): string {
  return code === "28000" && awaited === 12 ? "CHANNEL_BINDING_FAILED" : code;
}

/** The SQLSTATE of an ErrorResponse. */
function errorCode(body: Buffer): string {
  const fields = body.toString("utf8").split("\0");
  return fields.find((field) => field.startsWith("C"))?.slice(1) ?? "UNKNOWN";
}
