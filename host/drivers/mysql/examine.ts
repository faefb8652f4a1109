/** What a load needs of a MySQL or MariaDB server. Nothing is changed. */
import type { Config } from "../../../src/model/config_schema.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Connection } from "../driver.ts";
import { clockFinding, poolFinding, privilegeFinding, tlsFinding } from "../server/findings.ts";

const LOOK = "SELECT version(), @@max_connections, @@read_only, @@local_infile, " +
  "coalesce(database(), ''), current_user(), unix_timestamp(now(6)), @@hostname";

/** What a load does. */
const WANTED = ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX"];

/** Looks at it. @throws {LoadError} what asking throws */
export async function examine(connection: Connection, config: Config): Promise<Finding[]> {
  const before = Date.now();
  const [row] = await connection.read!(LOOK);
  const after = Date.now();
  const [version, max, readOnly, infile, database, who, seconds, host] = row!;
  const status = new Map(
    (await connection.read!(
      "SHOW STATUS WHERE Variable_name IN ('Ssl_cipher', 'Threads_connected')",
    ))
      .map(([name, value]) => [name, value ?? ""]),
  );
  const grants = (await connection.read!("SHOW GRANTS")).map(([text]) => text ?? "");
  return [
    {
      about: "version",
      status: "pass",
      message: `${/mariadb/i.test(version!) ? "MariaDB" : "MySQL"} ${version}`,
    },
    tlsFinding(status.get("Ssl_cipher") ?? "", host === Deno.hostname()),
    ...readOnly === "1" || readOnly === "ON"
      ? [
        {
          about: "writable",
          status: "fail",
          message: "The server is read-only",
          way: "Name the server that takes writes, or SET GLOBAL read_only = OFF",
        } as const,
      ]
      : [],
    privilegeFinding(lackingOf(grants, database!), `User ${who} in database ${database}`),
    ...infile === "0" || infile === "OFF"
      ? [
        {
          about: "bulk",
          status: "warn",
          message: "local_infile is off, so rows are sent by INSERT, which takes longer",
          way: "SET GLOBAL local_infile = ON",
        } as const,
      ]
      : [],
    poolFinding(config, {
      connectionsMax: Number(max),
      used: Number(status.get("Threads_connected") ?? 0),
    }),
    clockFinding(Number(seconds), { before, after }),
  ];
}

/** Privileges that no grant for all databases or for this one names; roles are not looked into. */
function lackingOf(grants: readonly string[], database: string): string[] {
  const isRole = grants.some((text) => !/ ON /.test(text));
  const plain = database.replaceAll("_", "\\_");
  const held = grants.flatMap((text) => {
    const [, privileges = "", place = ""] = /^GRANT (.*?) ON (\S+) TO /.exec(text) ?? [];
    const name = place.replaceAll("`", "");
    return ["*.*", `${database}.*`, `${plain}.*`].includes(name) ? privileges.split(", ") : [];
  });
  if (held.includes("ALL PRIVILEGES") || isRole) return [];
  const lacking = WANTED.filter((privilege) => !held.includes(privilege));
  return lacking.length === 0 ? [] : [`${lacking.join(", ")} ON ${database}.*`];
}
