/**
 * The driver's session, every call of whose client is counted and may be disturbed. Stands in the
 * place of `session.ts`; the real class is kept, only its connection is another.
 */
import type { Connection } from "mysql2";
import {
  MysqlSession as Session,
  type SessionOptions,
} from "../../../../host/drivers/mysql/session.ts";
import { enter, kill } from "../../../crash/disturbance.ts";

/** What the client answers, or its error. */
type Answered = (error: unknown, answer?: unknown) => void;
type Query = (query: string | { readonly sql: string }, answered: Answered) => void;

/** The driver's session, every call of whose client is counted and may be disturbed. */
export class MysqlSession extends Session {
  /** Takes over a connection. */
  constructor({ connection, ...rest }: SessionOptions) {
    super({ connection: disturbed(connection), ...rest });
  }
}

function disturbed(connection: Connection): Connection {
  const query = connection.query.bind(connection) as unknown as Query;
  const end = connection.end.bind(connection);
  const cut = () => (connection as unknown as { stream: { destroy(): void } }).stream.destroy();
  const lost = { code: "PROTOCOL_CONNECTION_LOST" };
  const asked: Query = (asked, answered) => {
    const { sql } = asked as { readonly sql: string };
    const wish = enter(sql);
    if (!wish) return query(asked, answered);
    if (wish.moment === "after") {
      // An error is an answer too.
      return query(asked, () => {
        if (wish.kind === "kill") kill();
        cut();
        answered(lost);
      });
    }
    if (wish.kind === "kill") kill();
    // No server refuses to roll back; it can only be gone.
    if (wish.kind === "refuse" && sql !== "ROLLBACK") return refuse(query, wish.code!, answered);
    cut();
    query(asked, answered);
  };
  return Object.assign(connection, {
    query: asked,
    end: (ended: () => void) => {
      const wish = enter("close");
      if (wish?.kind === "kill") kill();
      if (wish) cut();
      end(ended);
    },
  });
}

/** The server itself refuses, by a number; where it does, the transaction may be over. */
function refuse(query: Query, code: string, answered: Answered): void {
  const signal = `SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = ${code}`;
  query(code === DEADLOCK ? "ROLLBACK" : "DO 0", () => query(signal, answered));
}

/** After it, nothing of the transaction is left. */
const DEADLOCK = "1213";
