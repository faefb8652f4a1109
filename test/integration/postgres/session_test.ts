/** Every habit of postgres.js that the driver works around, one test each. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createServer, type Socket } from "node:net";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { Session } from "../../../host/drivers/postgres/session.ts";
import { SessionError } from "../../../host/drivers/postgres/session_error.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { startPostgres } from "../../support/postgres_server.ts";
import { config, piecesOf, refused } from "./fixture.ts";

async function opened(
  settings: Record<string, unknown>,
  use: (session: Session) => Promise<void>,
): Promise<void> {
  const session = await Session.open(readTarget(config(settings)));
  try {
    await use(session);
  } finally {
    await session.close();
  }
}

/** The same over TCP and over the Unix socket. */
function overBoth(name: string, use: (session: Session) => Promise<void>): void {
  Deno.test(`${name}, over TCP`, () => withDatabase((url) => opened({ url }, use)));
  Deno.test(
    `${name}, over a Unix socket`,
    () => withDatabase((_url, _sql, url) => opened({ url }, use)),
  );
}

Deno.test("session refuses several statements in one text", () =>
  withDatabase((url, sql) =>
    opened({ url }, async (session) => {
      const error = await refused(session.query("CREATE TABLE a (); CREATE TABLE b ()"));
      assertEquals(error.code, "42601");
      assertEquals((await sql`SELECT 1 FROM pg_class WHERE relname IN ('a', 'b')`).length, 0);
      assertEquals((await session.query("SELECT 1")).rows, [["1"]]);
    })
  ));

Deno.test("session brings values as text and takes them as text", () =>
  withDatabase((url) =>
    opened({ url }, async (session) => {
      const { rows } = await session.query(
        "SELECT $1::bool, $2::jsonb, $3::timestamptz, $4::bytea, $5::int8, $6::text, $7::json",
        {
          parameters: [
            "t",
            '{"a":[1]}',
            "2024-02-03 04:05:06.123456+00",
            "\\x00ff",
            "9007199254740993",
            null,
            '"x"',
          ],
        },
      );
      assertEquals(rows, [[
        "t",
        '{"a": [1]}',
        "2024-02-03 04:05:06.123456+00",
        "\\x00ff",
        "9007199254740993",
        null,
        '"x"',
      ]]);
    })
  ));

Deno.test("session takes nothing from PG* variables", () =>
  withDatabase(async (url) => {
    const names = {
      PGPASSWORD: "wrong",
      PGUSER: "wrong",
      PGDATABASE: "wrong",
      PGAPPNAME: "wrong",
      PGTARGETSESSIONATTRS: "standby",
      PGMAX_LIFETIME: "0.001",
      PGIDLE_TIMEOUT: "0.001",
      PGOPTIONS: "-c search_path=wrong",
    };
    for (const [name, value] of Object.entries(names)) Deno.env.set(name, value);
    try {
      await opened({ url }, async (session) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        const { rows } = await session.query(
          "SELECT current_setting('application_name'), current_setting('search_path')",
        );
        assertEquals(rows, [["snakepipe", '"$user", public']]);
      });
      const withoutPassword = url.replace(/:[^:@/]*@/, "@");
      assertEquals((await refused(opened({ url: withoutPassword }, async () => {}))).code, "28P01");
    } finally {
      for (const name of Object.keys(names)) Deno.env.delete(name);
    }
  }));

Deno.test("session sets what correctness needs, and leaves the operator's timeout alone", () =>
  withDatabase(async (url, sql) => {
    const question = "SELECT current_setting('client_encoding'), current_setting('DateStyle'), " +
      "current_setting('standard_conforming_strings'), current_setting('TimeZone'), " +
      "current_setting('statement_timeout')";
    await opened({ url, statementTimeoutMs: 60_000 }, async (session) => {
      const { rows } = await session.query(question);
      assertEquals(rows, [["UTF8", "ISO, MDY", "on", "UTC", "1min"]]);
    });
    const [{ name }] = await sql`SELECT current_database() AS name` as unknown as [
      { name: string },
    ];
    await sql.unsafe(`ALTER DATABASE ${name} SET statement_timeout = '7s'`);
    await opened({ url }, async (session) => {
      assertEquals((await session.query(question)).rows[0]![4], "7s");
    });
  }));

overBoth("session copies in less than the 40 ms of a delayed acknowledgement", async (session) => {
  await session.query("CREATE TEMP TABLE t (id int)");
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const started = performance.now();
    assertEquals(await (await session.copyIn("COPY t FROM STDIN")).send(piecesOf("1\n")), 1);
    times.push(performance.now() - started);
  }
  // With the delay each of them takes so long; without, those do that other programs keep waiting.
  times.sort((a, b) => a - b);
  assert(times[5]! < 40, `${times[5]} ms`);
});

/** Each with rows that fail, and the code that it must fail with. */
const DATA_ERRORS: readonly [name: string, rows: string, code: string][] = [
  ["a value of the wrong type", "1\ta\nx\tb\n", "22P02"],
  ["a number out of range", "1\ta\n99999999999\tb\n", "22003"],
  ["a missing column", "1\ta\n2\n", "22P04"],
  ["a NULL where none may stand", "1\ta\n\\N\tb\n", "23502"],
  ["a duplicate key", "1\ta\n1\tb\n", "23505"],
  ["bytes that are not UTF-8", "1\ta\n2\t\\xff\n", "22021"],
  ["a value that a check refuses", "1\ta\n2\tforbidden\n", "23514"],
];

for (const [name, rows, code] of DATA_ERRORS) {
  for (const filler of [0, 200_000]) {
    overBoth(
      `session recovers from a COPY with ${name} before ${filler} more bytes`,
      async (session) => {
        await session.query(
          "CREATE TEMP TABLE t (id int PRIMARY KEY, name text CHECK (name <> 'forbidden'))",
        );
        let more = "";
        for (let id = 10; more.length < filler; id++) more += `${id}\tfiller\n`;
        for (let i = 0; i < 3; i++) {
          await session.query("BEGIN");
          const copy = await session.copyIn("COPY t FROM STDIN");
          const error = await refused(copy.send(piecesOf(rows + more)));
          assertEquals(error.code, code);
          assertEquals((await session.query("COMMIT")).command, "ROLLBACK");
        }
        const copy = await session.copyIn("COPY t FROM STDIN");
        assertEquals(await copy.send(piecesOf("1\ta\n2\tb\n")), 2);
        assertEquals((await session.query("SELECT count(*) FROM t")).rows, [["2"]]);
        assert(session.usable);
      },
    );
  }
}

overBoth(
  "session hears a COPY refused after it has begun and before data came",
  async (session) => {
    await session.query("CREATE TABLE t (id int)");
    await session.query(
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS " +
        "$$ BEGIN RAISE EXCEPTION 'no'; END $$",
    );
    await session.query(
      "CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION refuse()",
    );
    for (let i = 0; i < 20; i++) {
      const work = session.copyIn("COPY t FROM STDIN").then((copy) => copy.send(piecesOf("1\n")));
      assertEquals((await refused(work)).code, "P0001");
    }
    assertEquals((await session.query("SELECT 1")).rows, [["1"]]);
  },
);

overBoth("session takes a COPY back whose data fail on the way", async (session) => {
  await session.query("CREATE TEMP TABLE t (id int)");
  for (const before of ["", "1\n", "1\n".repeat(300_000)]) {
    const copy = await session.copyIn("COPY t FROM STDIN");
    assertEquals(
      (await refused(copy.send(piecesOf(before, { failed: true })))).code,
      "COPY_FAILED",
    );
    assertEquals((await session.query("SELECT count(*) FROM t")).rows, [["0"]]);
  }
  const copy = await session.copyIn("COPY t FROM STDIN");
  assertEquals(await copy.send(piecesOf("1\n2\n")), 2);
});

overBoth("session hears an error that comes when the data have ended", async (session) => {
  await session.query("CREATE TEMP TABLE p (id int PRIMARY KEY)");
  await session.query("CREATE TEMP TABLE c (id int REFERENCES p)");
  for (let i = 0; i < 20; i++) {
    const copy = await session.copyIn("COPY c FROM STDIN");
    assertEquals((await refused(copy.send(piecesOf("1\n")))).code, "23503");
  }
  assertEquals((await session.query("SELECT count(*) FROM c")).rows, [["0"]]);
});

Deno.test("session is dead after a statement that is no COPY was sent as one", () =>
  withDatabase((url) =>
    opened({ url }, async (session) => {
      const error = await refused(session.copyIn("SELECT 1"));
      assertEquals([error.code, session.usable], ["NOT_A_COPY", false]);
    })
  ));

/** Ends the session once its last statement begins so; resolves once it has gone. */
type Terminate = (statement: string) => Promise<void>;

/** What a session is doing when the server ends it. */
const MOMENTS: readonly [
  name: string,
  doing: (session: Session, terminate: Terminate) => Promise<unknown>,
][] = [
  ["in a query", async (session, terminate) => {
    await Promise.all([session.query("SELECT pg_sleep(60)"), terminate("SELECT pg_sleep")]);
  }],
  ["in a COPY", async (session, terminate) => {
    const copy = await session.copyIn("COPY t FROM STDIN");
    await terminate("COPY");
    return await copy.send(piecesOf("1\n"));
  }],
  ["idle", async (session, terminate) => {
    await terminate("SELECT pg_backend_pid");
    return await session.query("SELECT 1");
  }],
  ["in a transaction", async (session, terminate) => {
    await session.query("BEGIN");
    await session.query("INSERT INTO t VALUES (1)");
    await terminate("INSERT");
    return await session.query("COMMIT");
  }],
];

for (const [name, doing] of MOMENTS) {
  Deno.test(`session that the server terminates ${name} fails where it is awaited`, () =>
    withDatabase((url, sql) =>
      opened({ url }, async (session) => {
        await session.query("CREATE TABLE t (id int)");
        const [[pid]] = (await session.query("SELECT pg_backend_pid()")).rows as [[string]];
        const terminate = async (statement: string) => {
          const ended = () =>
            sql`SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
              WHERE pid = ${pid}::int AND query LIKE ${`${statement}%`}`;
          while ((await ended()).length === 0);
        };
        const error = await refused(doing(session, terminate));
        assert(["CONNECTION_CLOSED", "57P01"].includes(error.code), error.code);
        assertEquals(session.usable, false);
        // It is not replaced by another one either: the rest of the transaction stays undone.
        assertEquals((await refused(session.query("SELECT 1"))).code, "CONNECTION_CLOSED");
        assertEquals(
          (await refused(session.copyIn("COPY t FROM STDIN"))).code,
          "CONNECTION_CLOSED",
        );
        assertEquals((await sql`SELECT * FROM t`).length, 0);
      })
    ));
}

Deno.test("session fails where it is awaited when the server crashes in a COPY", async () => {
  await using server = await startPostgres({ fsync: false });
  await opened({ url: server.superuserUrl }, async (session) => {
    await session.query("CREATE TABLE t (id int)");
    const queued = await session.copyIn("COPY t FROM STDIN");
    await server.restart("immediate");
    const error = await refused(queued.send(piecesOf("1\n".repeat(1_000_000))));
    assertEquals([error.code, session.usable], ["CONNECTION_CLOSED", false]);
  });
});

Deno.test("session does not run what was queued behind a lost connection", () =>
  withDatabase((url, sql) =>
    opened({ url }, async (session) => {
      await session.query("CREATE TABLE t (id int)");
      const results = await Promise.allSettled([
        session.query("BEGIN"),
        session.query("SELECT pg_terminate_backend(pg_backend_pid())"),
        session.query("INSERT INTO t VALUES (1)"),
        session.query("INSERT INTO t VALUES ($1)", { parameters: ["2"] }),
        session.query("INSERT INTO t VALUES ($1)", { parameters: ["3"] }),
      ]);
      assertEquals(results.map((r) => r.status), ["fulfilled", ...Array(4).fill("rejected")]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assertEquals((await sql`SELECT * FROM t`).length, 0);
    })
  ));

Deno.test("session gives a statement up at its deadline, the server first", () =>
  withDatabase((url) =>
    opened({ url, statementTimeoutMs: 200 }, async (session) => {
      assertEquals((await refused(session.query("SELECT pg_sleep(60)"))).code, "57014");
      assert(session.usable);
    })
  ));

Deno.test("session gives a statement up at its own deadline where the server does not", () =>
  withDatabase((url) =>
    opened({ url, statementTimeoutMs: 60_000 }, async (session) => {
      const error = await refused(session.query("SELECT pg_sleep(60)", { timeoutMs: 50 }));
      assertEquals([error.code, session.usable], ["STATEMENT_TIMEOUT", false]);
    })
  ));

/** A server that takes connections and does with them what it is told. */
async function silentServer(use: (port: number) => Promise<void>, act: (s: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    act(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use((server.address() as { port: number }).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

Deno.test("session gives up on a server that takes the connection and never answers", () =>
  silentServer(async (port) => {
    for (const sslmode of ["disable", "require"]) {
      const url = `postgres://me:pw@127.0.0.1:${port}/db?sslmode=${sslmode}`;
      const started = performance.now();
      const error = await refused(opened({ url, connectTimeoutMs: 150 }, async () => {}));
      assertEquals(error.code, "CONNECT_TIMEOUT");
      assert(performance.now() - started < 4_000);
    }
  }, () => {}));

Deno.test("session fails at once when the server hangs up before it lets us in", () =>
  silentServer(async (port) => {
    for (const sslmode of ["disable", "prefer"]) {
      const url = `postgres://me:pw@127.0.0.1:${port}/db?sslmode=${sslmode}`;
      const error = await refused(opened({ url, connectTimeoutMs: 5_000 }, async () => {}));
      assert(["ECONNRESET", "CONNECTION_CLOSED"].includes(error.code), error.code);
    }
  }, (socket) => socket.once("data", () => socket.destroy())));

Deno.test("session close neither throws nor hangs, twice and in the middle of a query", () =>
  withDatabase(async (url) => {
    const session = await Session.open(readTarget(config({ url })));
    const work = refused(session.query("SELECT pg_sleep(60)"));
    const started = performance.now();
    await Promise.all([session.close(), session.close()]);
    assert(performance.now() - started < 5_000);
    assert(["CONNECTION_CLOSED", "CONNECTION_DESTROYED"].includes((await work).code));
    await assertRejects(() => session.query("SELECT 1"), SessionError);
  }));
