/** DuckDB's errors: which code each one has, and that none of its values is kept. */
import { assert, assertEquals } from "@std/assert";
import { DUCKDB_FAILURES, duckError } from "../../../host/drivers/duckdb/failures.ts";
import type { SessionError } from "../../../host/drivers/sql/failures.ts";
import type { SqlSession } from "../../../host/drivers/sql/session.ts";

const { failureOf, kindOf, refusalOf } = DUCKDB_FAILURES;
const NO_SESSION = undefined as unknown as SqlSession;

/** What is said of a row, in a load with these columns. */
function sentenceOf(error: SessionError, names: readonly string[]): string {
  const columns = names.map((name) =>
    ({ name, type: "text", nullable: true, key: false }) as const
  );
  return refusalOf(error, { table: { name: "t" }, columns, mode: "append" }).message;
}

const MESSAGES: readonly (readonly [string, string, string])[] = [
  [
    'Constraint Error: Duplicate key "id: SECRET" violates primary key constraint.',
    "UNIQUE",
    "integrity",
  ],
  [
    'Constraint Error: PRIMARY KEY or UNIQUE constraint violation: duplicate key "SECRET"',
    "UNIQUE",
    "integrity",
  ],
  ["Constraint Error: NOT NULL constraint failed: t.name", "NOT_NULL", "integrity"],
  [
    "Constraint Error: CHECK constraint failed on table t with expression CHECK((n < 9))",
    "CHECK",
    "integrity",
  ],
  [
    'Constraint Error: Violates foreign key constraint because key "k: SECRET" does not exist in the referenced table',
    "FOREIGN_KEY",
    "integrity",
  ],
  [
    'Constraint Error: Violates foreign key constraint because key "q: SECRET" is still referenced by a foreign key in a different table. If this is an unexpected constraint violation, please refer to our foreign key limitations in the documentation',
    "REFERRED",
    "integrity",
  ],
  [
    "Conversion Error: Could not convert string 'SECRET' to INT64\n\nLINE 1: …",
    "CONVERSION",
    "data",
  ],
  [
    'TransactionContext Error: Failed to commit: duplicate key "SECRET"',
    "TRANSACTIONCONTEXT",
    "conflict",
  ],
  [
    'TransactionContext Error: Transaction conflict: attempting to insert into table "SECRET"',
    "TRANSACTIONCONTEXT",
    "conflict",
  ],
  ["Catalog Error: Table with name SECRET does not exist!", "MISSING_TABLE", "missing_table"],
  [
    'Binder Error: Table "k" does not have a column with name "SECRET"',
    "MISSING_COLUMN",
    "missing_column",
  ],
  [
    'IO Error: Could not set lock on file "/SECRET": Conflicting lock is held in x',
    "FILE_IN_USE",
    "unavailable",
  ],
  [
    'IO Error: Cannot open file "/SECRET": Permission denied',
    "READ_ONLY",
    "privilege",
  ],
  [
    'IO Error: Could not write file "/SECRET": No space left on device',
    "DISK_FULL",
    "resource",
  ],
  [
    'TransactionContext Error: Failed to commit: Could not write file "/SECRET.wal": File too large',
    "DISK_FULL",
    "resource",
  ],
  ["Out of Memory Error: failed to allocate SECRET", "OUT_OF_MEMORY", "resource"],
  ["Permission Error: Cannot access file SECRET", "PERMISSION", "privilege"],
  ['Parser Error: syntax error at or near "SECRET"', "PARSER", "invalid_plan"],
  ["Something Else: SECRET Error: x", "ENGINE", "unknown"],
  ["SECRET", "ENGINE", "unknown"],
];

for (const [message, code, kind] of MESSAGES) {
  Deno.test(`duckdb failure: ${message.slice(0, 60).split("\n")[0]} is ${code}`, async () => {
    const error = duckError(new Error(message));
    assertEquals([error.code, kindOf(error)], [code, kind]);
    const context = { endpoint: "duckdb:/x", what: "Writing" };
    const texts = [
      error.message,
      error.stack,
      sentenceOf(error, []),
      (await failureOf(NO_SESSION, error, context)).message,
    ];
    assert(!texts.join(" ").includes("SECRET"), texts.join(" "));
  });
}

Deno.test("duckdb failure: a column is named where it is one of the load's", () => {
  const error = duckError(new Error("Constraint Error: NOT NULL constraint failed: t.name"));
  assertEquals(sentenceOf(error, ["name"]).endsWith(", column name"), true);
  assertEquals(sentenceOf(error, ["other"]).includes("name"), false);
  const typed = duckError(
    new Error(
      "Conversion Error: Could not convert string 'SECRET' to INT64 when casting from source column name",
    ),
  );
  assertEquals(sentenceOf(typed, ["name"]).endsWith(", column name"), true);
});
