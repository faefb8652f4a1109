/**
 * postgres.js, as far as it is used: one client on one open socket, and the outcomes of its queries
 * taken where the protocol delivers them. The version is pinned; `test/integration/postgres/`
 * has a test for each of its habits that is worked around here.
 */
import postgres from "postgres";
import type { Target } from "./config.ts";
import type { ClientSocket } from "./socket.ts";

/** A query of postgres.js. The protocol calls `resolve` and `reject`, a COPY's twice. */
export interface Query {
  /** Whether the server is to say of which types the parameters are, before it is told them. */
  describeFirst: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Rows as arrays. */
  values(): Query;
  /** Sends it. */
  handle(): Promise<void>;
}

/** The client. */
export interface Client {
  unsafe(text: string, args: unknown[], options: { simple: boolean; prepare: boolean }): Query;
  end(options: { timeout: number }): Promise<void>;
}

/** What a query brings. */
export interface QueryResult extends Array<(string | null)[]> {
  readonly count: number | null;
  readonly command: string | null;
}

/** The writable that a COPY brings first. */
export interface CopyWritable {
  _destroy(error: unknown, callback: () => void): void;
  on(event: "error", listener: () => void): void;
  end(): void;
}

/**
 * A client with one connection, on a socket that is open.
 *
 * The options are the form that the library hands on to itself: complete, so that nothing is taken
 * from the environment (PGPASSWORD, PGTARGETSESSIONATTRS, PGMAX_LIFETIME, …), no session ends by its
 * lifetime in the middle of a load, and no parser or serializer touches a value. The socket is
 * handed over once: a session that is lost is not replaced by another one, where the rest of a
 * transaction would run on its own.
 */
export function createClient(socket: ClientSocket, target: Target): Client {
  let handed = false;
  const options = {
    // Of no meaning: the socket is open.
    host: [target.places[0].host],
    port: [target.places[0].port],
    path: false,
    database: target.database,
    user: target.user,
    pass: () => target.password.reveal(),
    max: 1,
    ssl: false,
    sslnegotiation: null,
    idle_timeout: null,
    connect_timeout: null,
    max_lifetime: null,
    max_pipeline: 100,
    backoff: () => 0,
    keep_alive: 60,
    prepare: true,
    debug: false,
    fetch_types: false,
    publications: "alltables",
    target_session_attrs: null,
    connection: startupParameters(target),
    types: {},
    onnotice: () => {},
    socket: () => {
      if (handed) throw new Error("The session is lost");
      handed = true;
      return socket;
    },
    transform: { undefined: undefined, column: {}, value: {}, row: {} },
    parameters: {},
    shared: { retries: 0, typeArrayMap: {} },
    serializers: {},
    parsers: {},
    no_subscribe: true,
  };
  return (postgres as unknown as (options: object) => Client)(options);
}

/** What the startup packet says beside user and database; what is empty is left out. */
export function startupParameters(target: Target): Record<string, string> {
  return {
    application_name: target.applicationName,
    options: target.options,
    DateStyle: "ISO",
    TimeZone: "UTC",
    standard_conforming_strings: "on",
  };
}

/**
 * The first statement. The server ends statements by itself, unless the operator has set a limit of
 * its own; where we may, messages are in English.
 */
export function openingStatement(target: Target): string {
  return "SELECT CASE WHEN current_setting('statement_timeout') = '0' " +
    `THEN set_config('statement_timeout', '${target.statementTimeoutMs}', false) END, ` +
    "CASE WHEN current_setting('is_superuser') = 'on' " +
    "THEN set_config('lc_messages', 'C', false) END";
}

/** One outcome of a query. */
export type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: unknown };

/**
 * The outcomes of one query, in order, kept until somebody takes them.
 *
 * The query's own promise knows only the first. A COPY has two, the writable and the result, and
 * an error that comes after the data would be lost with the second (porsager/postgres#1173).
 */
export class Outcomes {
  readonly #query: Query;
  readonly #arrived: Outcome[] = [];
  #taker: ((outcome: Outcome) => void) | undefined;

  /** Takes over the outcomes of a query that is not sent yet. */
  constructor(query: Query) {
    this.#query = query;
    // All are sent as text, whatever the server would say, and waiting for it is a round trip.
    Object.defineProperty(query, "describeFirst", { get: () => false, set: () => {} });
    query.resolve = (value) => {
      if (isCopyWritable(value)) disarm(value);
      this.put({ kind: "value", value });
    };
    query.reject = (error) => this.put({ kind: "error", error });
  }

  /** Sends the query. What goes wrong on the way out is an outcome like any other. */
  send(): void {
    this.#query.handle().catch((error) => this.put({ kind: "error", error }));
  }

  /** Adds an outcome that does not come from the protocol: a session that is lost. */
  put(outcome: Outcome): void {
    const taker = this.#taker;
    if (!taker) return void this.#arrived.push(outcome);
    this.#taker = undefined;
    taker(outcome);
  }

  /** Whether an outcome is there already. */
  get arrived(): boolean {
    return this.#arrived.length > 0;
  }

  /** The next outcome. One taker at a time. */
  next(): Promise<Outcome> {
    const first = this.#arrived.shift();
    if (first) return Promise.resolve(first);
    return new Promise((resolve) => this.#taker = resolve);
  }
}

/** Whether an outcome's value is what a COPY … FROM STDIN brings first. */
export function isCopyWritable(value: unknown): value is CopyWritable {
  return typeof value === "object" && value !== null && "_destroy" in value && "end" in value;
}

/**
 * The library destroys the stream of a failed COPY with the error, an event that ends the process
 * where nobody listens, and sends CopyFail, perhaps to a socket that is gone. The error comes as
 * the query's outcome, and the server needs no CopyFail after an error of its own.
 */
function disarm(stream: CopyWritable): void {
  stream._destroy = (_error, callback) => callback();
  stream.on("error", () => {});
}
