/** Every class of PostgreSQL's error codes (appendix A of the manual), and what is done about it. */
import { assert, assertEquals } from "@std/assert";
import { failureError, type FailureKind } from "../../../src/model/failure.ts";
import { classify, kindOf } from "../../../host/drivers/postgres/failures.ts";
import { sqlstateLabel } from "../../../host/drivers/postgres/sqlstate.ts";

const CODES: Readonly<Record<FailureKind, readonly string[]>> = {
  data: ["22000", "22001", "22003", "22007", "22021", "22P02", "22P03", "22P04", "2203G", "54000"],
  integrity: [
    ...["23000", "23001", "23502", "23503", "23505", "23514", "23P01", "40002", "44000"],
    ...["P0000", "P0001", "P0002", "P0003", "P0004"],
  ],
  conflict: ["40000", "40001", "40P01", "55006", "55P03", "72000"],
  connection: [
    ...["08000", "08001", "08003", "08004", "08006", "08007", "08P01", "25P03", "40003", "57P05"],
    ...["ECONNRESET", "ECONNABORTED", "EPIPE"],
    ...["CONNECTION_CLOSED", "CONNECTION_ENDED", "CONNECTION_DESTROYED"],
  ],
  unavailable: [
    ...["53300", "57P01", "57P02", "57P03"],
    ...["ECONNREFUSED", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EHOSTDOWN", "EHOSTUNREACH"],
    ...["ENETDOWN", "ENETUNREACH", "ETIMEDOUT", "CONNECT_TIMEOUT"],
  ],
  timeout: ["25P04", "57014", "STATEMENT_TIMEOUT"],
  authentication: [
    ...["28000", "28P01", "SASL_SIGNATURE_MISMATCH"],
    ...["TLS_REFUSED", "TLS_FAILED", "TLS_CA_UNREADABLE"],
  ],
  privilege: ["0L000", "0LP01", "0P000", "25006", "42501", "EACCES"],
  missing_table: ["3D000", "3F000", "42P01", "57P04"],
  missing_column: ["42703"],
  resource: [
    ...["53000", "53100", "53200", "53400", "58000", "58030", "58P01", "58P02", "58P03"],
    ...["EMFILE", "ENFILE"],
  ],
  invalid_plan: [
    ...["0A000", "21000", "42000", "42601", "42804", "42P07", "42P10", "54001", "54011", "54023"],
    ...["MAX_PARAMETERS_EXCEEDED", "NOT_A_COPY"],
  ],
  // These are found by the host.
  counts: [],
  source_changed: [],
  table_changed: [],
  // The plugin is asked what these are; where it does not know either, the load stops.
  unknown: [
    ...["00000", "01000", "02000", "03000", "09000", "0B000", "0F000", "0Z000", "10608", "20000"],
    ...["24000", "25000", "25P01", "25P02", "26000", "27000", "2B000", "2BP01", "2D000", "2F000"],
    ...["34000", "38000", "39000", "3B000", "55000", "55P02", "55P04", "57000", "F0000", "HV000"],
    ...["XX000", "XX001", "XX002", "U0001", "COMMIT_REFUSED", "SOMETHING_NEW"],
  ],
};

const RETRIED: readonly FailureKind[] = ["conflict", "connection", "unavailable", "timeout"];

for (const [kind, codes] of Object.entries(CODES)) {
  Deno.test(`postgres failures: ${kind}`, () => {
    for (const code of codes) {
      assertEquals([code, kindOf(code)], [code, kind]);
      const failure = classify({ code, severity: "ERROR" }, { endpoint: "db", what: "It" });
      assertEquals(failureError(failure).retry, RETRIED.includes(failure.kind), code);
    }
  });
}

Deno.test("postgres failures: a sentence of the server's is not passed on", () => {
  const failure = classify(
    { code: "23505", message: "s3cret", detail: "Key (id)=(s3cret)", where: "line 1: s3cret" },
    { endpoint: "db", what: "It" },
  );
  assert(!JSON.stringify(failure).includes("s3cret"));
});

Deno.test("what a server does not take is told with what to look at", () => {
  const told = {
    "0A000": "look for row-level security, rules and inheritance",
    "42622": "choose a shorter one",
    "42701": "the name of a system column: rename it",
    "42809": "the name is not that of a table that takes rows",
    "428C9": "leave its field out of the source",
    "54011": "more columns than the server takes",
    "55000": "takes no rows as it is",
  };
  for (const [code, words] of Object.entries(told)) {
    const { message } = classify({ code }, { endpoint: "db", what: "Writing batch 0 into t" });
    assert(message.includes(words) && message.includes(`SQLSTATE ${code}`), message);
  }
});

Deno.test("a code is told with the name of its condition", () => {
  const names = {
    "23505": "unique_violation",
    "22008": "datetime_field_overflow",
    "40P01": "deadlock_detected",
    "42P01": "undefined_table",
  };
  for (const [code, name] of Object.entries(names)) {
    assertEquals(sqlstateLabel(code), `SQLSTATE ${code} ${name}`);
  }
  assertEquals(sqlstateLabel("ZZ999"), "SQLSTATE ZZ999");
});
