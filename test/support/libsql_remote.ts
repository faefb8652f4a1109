/**
 * A libSQL server for tests: the Hrana 2 protocol in JSON, over HTTP (`/v2/pipeline`, streams that
 * a baton continues) and over WebSocket, in front of an SQLite file that `node:sqlite` opens.
 *
 * It is no libSQL server. It is here because none can be had as a package, and it stands in for one
 * as far as `@libsql/client` 0.18 asks: execute, batch with conditions, stored SQL, sequences, a
 * connection for each stream, and the error codes of libsql-server (`src/hrana/stmt.rs`: primary
 * result codes alone; a constraint is always SQLITE_CONSTRAINT). Specification:
 * https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_2_SPEC.md
 */
import { DatabaseSync } from "node:sqlite";
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from "./test_certificate.ts";

/** A server that is running. */
export interface LibsqlServer extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The same over WebSocket. */
  readonly webSocketUrl: string;
  /** Statements that it has run, in order. */
  readonly statements: string[];
  /** Asked before each request over HTTP: an answer of its own, or undefined to go on. */
  intercept: ((sql: string) => Promise<Response | undefined>) | undefined;
}

/**
 * Starts a server for a file. With a token, every request must carry it. With `tls`, it has the
 * certificate of `test_certificate.ts`, and is to be asked by the name localhost.
 */
export function startLibsqlServer(
  path: string,
  options: {
    readonly token?: string;
    readonly busyTimeoutMs?: number;
    readonly tls?: boolean;
  } = {},
): LibsqlServer {
  const hub = new Hub(path, options.busyTimeoutMs ?? 200);
  const server: { intercept: LibsqlServer["intercept"] } = { intercept: undefined };
  const place = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const tls = { cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY };
  const http = Deno.serve({ ...place, ...(options.tls ? tls : {}) }, async (request) => {
    if (request.headers.get("upgrade") === "websocket") return upgrade(request, hub, options.token);
    const bearer = request.headers.get("authorization");
    if (options.token !== undefined && bearer !== `Bearer ${options.token}`) {
      return new Response("Unauthorized", { status: 401 });
    }
    if (request.method !== "POST" || new URL(request.url).pathname !== "/v2/pipeline") {
      return new Response(null, { status: 404 });
    }
    const text = await request.text();
    return await server.intercept?.(text) ?? pipeline(JSON.parse(text), hub);
  });
  const host = `${options.tls ? "localhost" : "127.0.0.1"}:${http.addr.port}`;
  return Object.assign(server, {
    url: `http${options.tls ? "s" : ""}://${host}`,
    webSocketUrl: `ws${options.tls ? "s" : ""}://${host}`,
    statements: hub.statements,
    async [Symbol.asyncDispose](): Promise<void> {
      hub.close();
      await http.shutdown();
    },
  });
}

type Json = Record<string, unknown>;

/** Every stream, by its number. */
class Hub {
  readonly statements: string[] = [];
  readonly #streams = new Map<number, Stream>();
  readonly #path: string;
  readonly #busyTimeoutMs: number;
  #next = 1;

  constructor(path: string, busyTimeoutMs: number) {
    this.#path = path;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  open(): { id: number; stream: Stream } {
    const stream = new Stream(this.#path, this.#busyTimeoutMs, this.statements);
    const id = this.#next++;
    this.#streams.set(id, stream);
    return { id, stream };
  }

  find(id: number): Stream | undefined {
    return this.#streams.get(id);
  }

  drop(id: number): void {
    this.#streams.get(id)?.close();
    this.#streams.delete(id);
  }

  close(): void {
    for (const id of [...this.#streams.keys()]) this.drop(id);
  }
}

function pipeline(body: Json, hub: Hub): Response {
  const known = body.baton == null ? undefined : Number(body.baton);
  const found = known === undefined ? undefined : hub.find(known);
  if (known !== undefined && !found) {
    const error = { message: "The stream has expired", code: "STREAM_EXPIRED" };
    return Response.json(error, { status: 400 });
  }
  const { id, stream } = found ? { id: known!, stream: found } : hub.open();
  const requests = body.requests as Json[];
  const results = requests.map((request) => {
    try {
      return { type: "ok", response: stream.answer(request) };
    } catch (error) {
      return { type: "error", error: errorOf(error) };
    }
  });
  const closed = requests.some((r) => r.type === "close");
  if (closed) hub.drop(id);
  return Response.json({ baton: closed ? null : String(id), base_url: null, results });
}

function upgrade(request: Request, hub: Hub, token: string | undefined): Response {
  const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "hrana2" });
  const streams = new Map<number, number>();
  const sqls = new Map<number, string>();
  const answer = (message: Json): Json => {
    const id = Number(message.stream_id);
    switch (message.type) {
      case "open_stream":
        streams.set(id, hub.open().id);
        return { type: "open_stream" };
      case "close_stream":
        hub.drop(streams.get(id)!);
        return { type: "close_stream" };
      case "store_sql":
        sqls.set(Number(message.sql_id), String(message.sql));
        return { type: "store_sql" };
      case "close_sql":
        return { type: "close_sql" };
      default:
        return hub.find(streams.get(id)!)!.answer(message, sqls);
    }
  };
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data) as Json;
    const reply = (json: Json): void => socket.send(JSON.stringify(json));
    if (message.type === "hello") {
      if (token === undefined || message.jwt === token) reply({ type: "hello_ok" });
      else reply({ type: "hello_error", error: { message: "Unauthorized", code: "AUTH_FAILED" } });
      return;
    }
    const request_id = message.request_id;
    try {
      reply({ type: "response_ok", request_id, response: answer(message.request as Json) });
    } catch (error) {
      reply({ type: "response_error", request_id, error: errorOf(error) });
    }
  };
  socket.onclose = () => streams.forEach((id) => hub.drop(id));
  return response;
}

/** One stream: a connection of its own, and the SQL that was stored in it. */
class Stream {
  readonly #database: DatabaseSync;
  readonly #log: string[];
  readonly #sqls = new Map<number, string>();

  constructor(path: string, busyTimeoutMs: number, log: string[]) {
    this.#database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    this.#log = log;
  }

  close(): void {
    this.#database.close();
  }

  answer(request: Json, sqls: Map<number, string> = this.#sqls): Json {
    const { type } = request;
    switch (type) {
      case "execute":
        return { type, result: this.#execute(request.stmt as Json, sqls) };
      case "batch":
        return { type, result: this.#batch(request.batch as { steps: Json[] }, sqls) };
      case "store_sql":
        sqls.set(Number(request.sql_id), String(request.sql));
        return { type };
      case "close_sql":
        sqls.delete(Number(request.sql_id));
        return { type };
      case "sequence":
        this.#database.exec(sqlOf(request, sqls));
        return { type };
      case "close":
        return { type };
      default:
        throw new Error(`The test server does not know ${type}`);
    }
  }

  #batch(batch: { steps: Json[] }, sqls: Map<number, string>): Json {
    const results: (Json | null)[] = [];
    const errors: (Json | null)[] = [];
    const holds = (cond: Json): boolean => {
      switch (cond.type) {
        case "ok":
          return results[Number(cond.step)] != null;
        case "error":
          return errors[Number(cond.step)] != null;
        case "not":
          return !holds(cond.cond as Json);
        case "and":
          return (cond.conds as Json[]).every(holds);
        default:
          return (cond.conds as Json[]).some(holds);
      }
    };
    for (const step of batch.steps) {
      let result: Json | null = null;
      let error: Json | null = null;
      if (step.condition == null || holds(step.condition as Json)) {
        try {
          result = this.#execute(step.stmt as Json, sqls);
        } catch (thrown) {
          error = errorOf(thrown);
        }
      }
      results.push(result);
      errors.push(error);
    }
    return { step_results: results, step_errors: errors };
  }

  #execute(stmt: Json, sqls: Map<number, string>): Json {
    const sql = sqlOf(stmt, sqls);
    this.#log.push(sql);
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    const args = ((stmt.args ?? []) as Json[]).map(fromProto);
    const columns = statement.columns().map((c) => ({ name: c.name, decltype: c.type }));
    if (columns.length === 0) {
      const { changes, lastInsertRowid } = statement.run(...args);
      return {
        cols: [],
        rows: [],
        affected_row_count: Number(changes),
        last_insert_rowid: String(lastInsertRowid),
      };
    }
    const rows = statement.all(...args).map((row) =>
      columns.map((c) => toProto((row as Json)[c.name]))
    );
    return { cols: columns, rows, affected_row_count: 0, last_insert_rowid: null };
  }
}

function sqlOf(holder: Json, sqls: Map<number, string>): string {
  return holder.sql == null ? sqls.get(Number(holder.sql_id))! : String(holder.sql);
}

function fromProto(value: Json): null | bigint | number | string | Uint8Array {
  switch (value.type) {
    case "integer":
      return BigInt(String(value.value));
    case "float":
      return Number(value.value);
    case "text":
      return String(value.value);
    case "blob":
      return Uint8Array.fromBase64(String(value.base64));
    default:
      return null;
  }
}

function toProto(value: unknown): Json {
  switch (typeof value) {
    case "bigint":
      return { type: "integer", value: String(value) };
    case "number":
      return { type: "float", value };
    case "string":
      return { type: "text", value };
    default:
      return value instanceof Uint8Array
        ? { type: "blob", base64: value.toBase64({ omitPadding: true }) }
        : { type: "null" };
  }
}

/** SQLite's primary result codes, as far as the tests meet them. */
const CODES: Readonly<Record<number, string>> = {
  5: "SQLITE_BUSY",
  8: "SQLITE_READONLY",
  13: "SQLITE_FULL",
  19: "SQLITE_CONSTRAINT",
  20: "SQLITE_MISMATCH",
};

function errorOf(thrown: unknown): Json {
  const { errcode, message } = thrown as { errcode?: number; message: string };
  if (errcode === undefined) return { message, code: "ARGS_INVALID" };
  // rusqlite tells what fails to prepare as an input error of its own.
  return { message: `SQLite error: ${message}`, code: CODES[errcode & 0xff] ?? "SQL_INPUT_ERROR" };
}
