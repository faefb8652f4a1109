/** What the MySQL driver writes as literals, and what it reads in the server's messages. */
import { assertEquals, assertThrows } from "@std/assert";
import { withLiterals } from "../../../host/drivers/mysql/literal.ts";
import { codeOf, namesIn } from "../../../host/drivers/mysql/server_error.ts";
import { SessionError } from "../../../host/drivers/sql/failures.ts";

Deno.test("mysql literals end nowhere but at their end", () => {
  const args = ["it's ''", "\\", null, 2n ** 63n, 1.5, -0, 1e21, 5e-324, new Uint8Array([0, 255])];
  const sql = args.map(() => "\0").join(", ");
  assertEquals(
    withLiterals({ sql, args }),
    "'it''s ''''', '\\', NULL, 9223372036854775808, 1.5e0, -0e0, 1e+21, 5e-324, x'00ff'",
  );
  // A value that looks like a place for one is none.
  assertEquals(withLiterals({ sql: "(\0, \0)", args: ["a\0b", "?"] }), "('a\0b', '?')");
  const error = assertThrows(() => withLiterals({ sql: "\0", args: [Infinity] }, 3), SessionError);
  assertEquals([error.code, error.statement], ["VALUE_NOT_FINITE", 3]);
});

Deno.test("mysql messages name columns, constraints and rows, and nothing of a value", () => {
  const named = (message: string) => {
    const { column, constraint, row } = namesIn(message);
    return [column, constraint, row];
  };
  assertEquals(named("Data too long for column 'a b' at row 3"), ["a b", undefined, 2]);
  assertEquals(named("Column 'b' cannot be null"), ["b", undefined, undefined]);
  assertEquals(named("Field 'b' doesn't have a default value"), ["b", undefined, undefined]);
  assertEquals(
    named(
      "Incorrect integer value: 'x' for column 'v' at row 9' for column `d`.`t`.`a``b` at row 1",
    ),
    ["a`b", undefined, 0],
  );
  assertEquals(named("Duplicate entry 'x' for key 'y'' for key 't.PRIMARY'"), [
    ...[undefined, "PRIMARY", undefined],
  ]);
  assertEquals(named("CONSTRAINT `t.v` failed for `d`.`t`"), ["v", "t.v", undefined]);
  assertEquals(
    named(
      "Cannot add or update a child row: a foreign key constraint fails (`d`.`c`, CONSTRAINT `fk` " +
        "FOREIGN KEY (`a`) REFERENCES `p` (`id`))",
    ),
    [undefined, "fk", undefined],
  );
  assertEquals(named("for column x"), [undefined, undefined, undefined]);
});

Deno.test("mysql numbers beyond 1900 are MariaDB's own where it has sent them", () => {
  const sent = { code: "ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE", errno: 4025 };
  assertEquals(codeOf(sent, true), "ER_CONSTRAINT_FAILED");
  assertEquals(codeOf(sent, false), "ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE");
  assertEquals(codeOf({ code: "X", errno: 3999 }, true), "MARIADB_3999");
  assertEquals(codeOf({ code: "ER_DUP_ENTRY", errno: 1062 }, true), "ER_DUP_ENTRY");
  assertEquals(codeOf({ code: "ECONNRESET" }, true), "ECONNRESET");
});
