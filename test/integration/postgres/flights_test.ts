/** How often a session writes to its socket: each time may be a wait for the server. */
import { assertEquals } from "@std/assert";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { Session } from "../../../host/drivers/postgres/session.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { config, refused } from "./fixture.ts";

Deno.test("session sends a statement with its parameters in one flight, prepared or not", () =>
  withDatabase(async (url) => {
    const { connect } = Deno;
    let flights = 0;
    Deno.connect = (async (to: Deno.ConnectOptions) => {
      const connection = await connect(to);
      const write = connection.write.bind(connection);
      connection.write = (bytes) => {
        flights++;
        return write(bytes);
      };
      return connection;
    }) as typeof Deno.connect;
    try {
      const session = await Session.open(readTarget(config({ url })));
      try {
        for (const prepare of [false, true, true]) {
          const before = flights;
          const { rows } = await session.query("SELECT $1::int8 + $2::int8", {
            ...{ parameters: ["1", "2"], prepare },
          });
          assertEquals([rows, flights - before], [[["3"]], 1]);
        }
        // What is asked for without waiting travels together, though nothing is prepared yet.
        const before = flights;
        const answers = await Promise.all([
          session.query("SELECT $1::text", { parameters: ["a"] }),
          session.query("SELECT $1::int4", { parameters: ["7"], prepare: true }),
        ]);
        assertEquals(answers.map(({ rows }) => rows[0]![0]), ["a", "7"]);
        assertEquals(flights - before, 1);
        const error = await refused(session.query("SELECT $1::int4", { parameters: ["seven"] }));
        assertEquals(error.code, "22P02");
        assertEquals((await session.query("SELECT $1::text", { parameters: ["b"] })).rows, [["b"]]);
      } finally {
        await session.close();
      }
    } finally {
      Deno.connect = connect;
    }
  }));
