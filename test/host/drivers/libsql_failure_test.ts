/** Every result code of SQLite, those of libSQL's server and of the network, and what is done about it. */
import { assertEquals } from "@std/assert";
import { failureError, type FailureKind } from "../../../src/model/failure.ts";
import { failureOf, kindOf, knownColumns } from "../../../host/drivers/libsql/failures.ts";
import { resultCodeName } from "../../../host/drivers/libsql/result_code.ts";
import { SessionError } from "../../../host/drivers/libsql/session.ts";

const CODES: Partial<Readonly<Record<FailureKind, readonly string[]>>> = {
  data: [
    "SQLITE_TOOBIG",
    "SQLITE_MISMATCH",
    "SQLITE_CONSTRAINT_DATATYPE",
    "VALUE_NOT_FINITE",
  ],
  integrity: [
    "SQLITE_CONSTRAINT",
    ...["CHECK", "COMMITHOOK", "FOREIGNKEY", "FUNCTION", "NOTNULL", "PRIMARYKEY", "TRIGGER"]
      .map((name) => `SQLITE_CONSTRAINT_${name}`),
    ...["UNIQUE", "VTAB", "ROWID", "PINNED"].map((name) => `SQLITE_CONSTRAINT_${name}`),
  ],
  conflict: [
    ...["SQLITE_BUSY", "SQLITE_BUSY_RECOVERY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_TIMEOUT"],
    ...["SQLITE_LOCKED", "SQLITE_LOCKED_SHAREDCACHE", "SQLITE_LOCKED_VTAB"],
    ...["SQLITE_ABORT", "SQLITE_ABORT_ROLLBACK", "SQLITE_PROTOCOL", "SQLITE_SCHEMA"],
    ...["ENGINE_IN_USE", "TRANSACTION_BUSY"],
  ],
  connection: [
    ...["TRANSACTION_CLOSED", "STREAM_EXPIRED", "HRANA_WEBSOCKET_ERROR", "HRANA_CLOSED_ERROR"],
    ...["COMMIT_NOT_SENT", "ENETWORK"],
  ],
  unavailable: [
    ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN"],
    ...["ENETUNREACH"],
    ...["PROXY_ERROR", "HTTP_429", "HTTP_500", "HTTP_502", "HTTP_503", "HTTP_504"],
  ],
  timeout: ["SQLITE_INTERRUPT", "TRANSACTION_TIMEOUT", "HTTP_408", "ETIMEDOUT"],
  authentication: ["HTTP_401", "TLS_FAILED"],
  privilege: [
    ...["SQLITE_PERM", "SQLITE_AUTH", "SQLITE_AUTH_USER", "SQLITE_READONLY"],
    ...["RECOVERY", "CANTLOCK", "ROLLBACK", "DBMOVED", "CANTINIT", "DIRECTORY"]
      .map((name) => `SQLITE_READONLY_${name}`),
    ...["BLOCKED", "HTTP_403"],
  ],
  resource: [
    ...["SQLITE_FULL", "SQLITE_NOMEM", "SQLITE_NOLFS", "SQLITE_CANTOPEN", "SQLITE_IOERR"],
    ...["SQLITE_IOERR_NOMEM", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "HTTP_413"],
  ],
  invalid_plan: [
    ...["SQLITE_ERROR", "SQLITE_ERROR_MISSING_COLLSEQ", "SQLITE_ERROR_RETRY"],
    ...["SQL_PARSE_ERROR", "SQL_INPUT_ERROR", "SQL_NO_STATEMENT", "SQL_MANY_STATEMENTS"],
  ],
  // The plugin is asked what these are; where it does not know either, the load stops.
  unknown: [
    ...["SQLITE_INTERNAL", "SQLITE_CORRUPT", "SQLITE_CORRUPT_INDEX", "SQLITE_MISUSE"],
    ...["SQLITE_RANGE", "SQLITE_NOTADB", "SQLITE_NOTFOUND", "SQLITE_EMPTY", "SQLITE_FORMAT"],
    ...["SQLITE_NOTICE", "SQLITE_WARNING", "SQLITE_UNKNOWN", "ENGINE_MISSING", "ARGS_INVALID"],
    ...["RESPONSE_TOO_LARGE", "HTTP_400", "HTTP_404", "HRANA_PROTO_ERROR", "VALUE_NOT_BINDABLE"],
    "SOMETHING_NEW",
  ],
};

const RETRIED: readonly FailureKind[] = ["conflict", "connection", "unavailable", "timeout"];

for (const [kind, codes] of Object.entries(CODES)) {
  Deno.test(`libsql failures: ${kind}`, () => {
    for (const code of codes) {
      assertEquals([code, kindOf(code)], [code, kind]);
      const failure = failureOf(new SessionError(code), { endpoint: "db", what: "It" });
      assertEquals(failureError(failure).retry, RETRIED.includes(failure.kind), code);
    }
  });
}

Deno.test("libsql failures: each primary code and each extended one is of some kind", () => {
  const listed = new Set(Object.values(CODES).flat());
  for (let primary = 1; primary <= 28; primary++) {
    const name = resultCodeName(primary);
    assertEquals([name, listed.has(name)], [name, true]);
    for (let extended = 1; extended <= 40; extended++) {
      const code = resultCodeName(primary + 256 * extended);
      // A STRICT table's type is the one extended code that is of another kind than its family.
      if (code !== "SQLITE_CONSTRAINT_DATATYPE") assertEquals(kindOf(code), kindOf(name), code);
    }
  }
});

Deno.test("libsql failures: what is missing is a kind of its own, under the same code", () => {
  for (
    const [missing, kind] of [["table", "missing_table"], ["column", "missing_column"]] as const
  ) {
    const failure = failureOf(
      new SessionError("SQLITE_ERROR", { missing, columns: ["a", "elsewhere"] }),
      { endpoint: "db", what: "It", table: { name: "t" }, columns: ["a", "b"] },
    );
    assertEquals([failure.kind, failure.code, failure.column], [kind, "SQLITE_ERROR", "a"]);
  }
});

Deno.test("a column that an error names is known in whatever letters the table has it", () => {
  const error = new SessionError("SQLITE_CONSTRAINT_UNIQUE", { columns: ["ID", "other"] });
  assertEquals(knownColumns(error, ["name", "id"]), ["id"]);
});
