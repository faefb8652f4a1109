/**
 * The driver's session, every call of which is counted and may be disturbed. Stands in the place of
 * `session.ts`; the real class is kept, only its methods are wrapped.
 */
import type { ClientSocket } from "../../../../host/drivers/postgres/socket.ts";
import {
  type CopyIn,
  type CopyPieces,
  type QueryOptions,
  type Result,
  Session,
} from "../../../../host/drivers/postgres/session.ts";
import { SessionError } from "../../../../host/drivers/postgres/session_error.ts";
import { type Disturbance, enter, kill } from "../../../crash/disturbance.ts";
import { claimSocket } from "./socket.ts";

export * from "../../../../host/drivers/postgres/session.ts";

const sockets = new WeakMap<Session, ClientSocket>();
const { query, copyIn, close } = Session.prototype;

/** How one call is disturbed. */
interface Call<T> {
  readonly what: string;
  readonly session: Session;
  run(): Promise<T>;
  /** Lets the server itself refuse. */
  refuse?(code: string): Promise<never>;
}

Session.prototype.query = function (
  this: Session,
  text: string,
  options: QueryOptions = {},
): Promise<Result> {
  if (!sockets.has(this)) sockets.set(this, claimSocket());
  return disturbed({
    what: text,
    session: this,
    run: () => query.call(this, text, options),
    // No server refuses to roll back; it can only be gone.
    ...(text.startsWith("ROLLBACK")
      ? {}
      : { refuse: (code) => refuse(this, { code, committing: text === "COMMIT" }) }),
  });
};

Session.prototype.copyIn = async function (this: Session, text: string): Promise<CopyIn> {
  const copy = await disturbed({
    what: text,
    session: this,
    run: () => copyIn.call(this, text),
    refuse: (code) => refuse(this, { code, committing: false }),
  });
  return {
    send: (pieces: CopyPieces) =>
      disturbed({ what: "data of a COPY", session: this, run: () => copy.send(pieces) }),
  };
};

Session.prototype.close = async function (this: Session): Promise<void> {
  try {
    await disturbed({ what: "close", session: this, run: () => close.call(this) });
  } catch {
    // It never throws.
  }
};

/** Runs up to the first wait at once, as the call itself does: statements travel together. */
async function disturbed<T>(call: Call<T>): Promise<T> {
  const wish = enter(call.what);
  if (!wish) return await call.run();
  if (wish.moment === "before") return await before(wish, call);
  // An error is an answer too.
  await call.run().catch(() => {});
  if (wish.kind === "kill") kill();
  await cut(call.session);
  throw new SessionError("CONNECTION_CLOSED");
}

async function before<T>(wish: Disturbance, call: Call<T>): Promise<T> {
  if (wish.kind === "kill") kill();
  if (wish.kind === "refuse" && call.refuse) return await call.refuse(wish.code!);
  sockets.get(call.session)?.destroy();
  return await call.run();
}

/** Resolves once the session knows it. */
async function cut(session: Session): Promise<void> {
  const socket = sockets.get(session);
  if (!socket || socket.closed) return;
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.destroy();
  await closed;
}

/** A transaction whose COMMIT is refused is over. */
async function refuse(
  session: Session,
  { code, committing }: { readonly code: string; readonly committing: boolean },
): Promise<never> {
  try {
    await query.call(session, `DO $$BEGIN RAISE SQLSTATE '${code}'; END$$`);
  } catch (error) {
    if (committing) await query.call(session, "ROLLBACK");
    throw error;
  }
  throw new Error("The server did not refuse");
}
