/** MariaDB as a world for hostile plans. */
import { testServerUrl } from "../../support/mariadb_database.ts";
import { type Connection, type ConnectionOptions, createConnection } from "mysql2/promise";
import type { Found, HarmBench, Look, World } from "../harm_bench.ts";

const ROWS = "(1, 'one', 'eins'), (2, 'two', 'zwei')";

function layout(database: string, found: Found): string {
  const key = found === "keyed" || found === "referred" ? " PRIMARY KEY" : "";
  const columns = found === "reordered"
    ? "id BIGINT, b TEXT, a TEXT"
    : `id BIGINT${key}, a TEXT, b TEXT`;
  return `DROP DATABASE IF EXISTS ${database}; CREATE DATABASE ${database} CHARACTER SET utf8mb4; USE ${database};
    CREATE TABLE other (id BIGINT, a TEXT, b TEXT, secret TEXT, KEY (id));
    INSERT INTO other VALUES (5, 'five', NULL, 'kept'), (6, 'six', NULL, 'too');
    CREATE TABLE _snakepipe_load (id TEXT, complete BOOLEAN); INSERT INTO _snakepipe_load VALUES ('kept', 0);
    CREATE TABLE _snakepipe_batch (id TEXT, rowcount BIGINT); INSERT INTO _snakepipe_batch VALUES ('kept', 1);
    CREATE TABLE \`t\`\`t\` (id BIGINT); CREATE TABLE \`id\`\`a\` (id BIGINT);
    CREATE PROCEDURE clean_up() DELETE FROM other;
    ${
    found === "absent" ? "" : `CREATE TABLE t (${columns}); INSERT INTO t (id, a, b) VALUES ${ROWS};
    CREATE TRIGGER noted AFTER INSERT ON t FOR EACH ROW SET @noted = 1;` +
      (found === "referred"
        ? "CREATE TABLE child (t_id BIGINT, FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE); INSERT INTO child VALUES (1);"
        : "")
  }`;
}

/** What others on the same server would notice: that a statement lacks such a right alone is harm enough. */
const NOT_GIVEN = [
  "SUPER",
  "SHUTDOWN",
  "RELOAD",
  "CONNECTION ADMIN",
  "BINLOG ADMIN",
  "REPLICATION MASTER ADMIN",
  "REPLICATION SLAVE ADMIN",
  "READ_ONLY ADMIN",
  "FEDERATED ADMIN",
  "SET USER",
  "CREATE TABLESPACE",
  "CREATE USER",
];

/** Opens a bench in a database of its own. */
export async function mysqlBench(): Promise<HarmBench> {
  const url = testServerUrl();
  const { hostname, port, username, password } = new URL(url);
  const database = `harm_${crypto.randomUUID().slice(0, 8)}`;
  const options: ConnectionOptions = {
    host: hostname,
    port: Number(port),
    user: username,
    password,
    multipleStatements: true,
    charset: "utf8mb4_bin",
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  };
  const admin = await createConnection(options);
  const hostile = `hostile_${database}`;
  await admin.query(
    `CREATE USER ${hostile}@'%' IDENTIFIED BY 'hostile'; GRANT ALL ON *.* TO ${hostile}@'%' WITH GRANT OPTION; ` +
      `REVOKE ${NOT_GIVEN.join(", ")} ON *.* FROM ${hostile}@'%'`,
  );
  const ask = async (sql: string, by: Connection = admin) => {
    try {
      return JSON.stringify((await by.query({ sql, rowsAsArray: true }))[0]);
    } catch (error) {
      return (error as Error).message;
    }
  };
  const LOOKS: Readonly<Record<string, readonly string[]>> = {
    "rows of the table": [`SELECT * FROM ${database}.t ORDER BY 1, 2, 3`],
    "another table": [
      `SELECT * FROM ${database}.other ORDER BY 1`,
      `SELECT * FROM ${database}.child`,
    ],
    "the ledger": [
      `SELECT * FROM ${database}._snakepipe_load`,
      `SELECT * FROM ${database}._snakepipe_batch`,
    ],
    "the table itself": [
      `SHOW CREATE TABLE ${database}.t`,
      `SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '${database}' AND EVENT_OBJECT_TABLE = 't'`,
    ],
    "other objects": [
      `SELECT TABLE_NAME, TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}' AND TABLE_NAME NOT IN ('t', '_snakepipe_aside') ORDER BY 1`,
      `SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '${database}' ORDER BY 1`,
      `SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${database}'`,
      "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT REGEXP '^(harm|test)_' ORDER BY 1",
      "SELECT PLUGIN_NAME FROM information_schema.ALL_PLUGINS WHERE PLUGIN_STATUS = 'ACTIVE' ORDER BY 1",
      "SELECT name FROM mysql.func",
      "SELECT Server_name FROM mysql.servers",
    ],
    "the server": [
      "SELECT VARIABLE_NAME, VARIABLE_VALUE FROM information_schema.GLOBAL_VARIABLES WHERE VARIABLE_NAME NOT REGEXP '^(GTID|INNODB_|TIMESTAMP|LAST_|RAND|PSEUDO|IDENTITY|INSERT_ID|WARNING|ERROR_COUNT|IN_TRANS)' ORDER BY 1",
      "SELECT User, Host, Priv FROM mysql.global_priv ORDER BY 1, 2",
      "SELECT count(*) FROM mysql.tables_priv",
      "SELECT count(*) FROM mysql.db",
      `SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%bystander%' AND ID <> connection_id()`,
    ],
  };
  const look = async (): Promise<Look> => {
    const seen: Record<string, string> = {};
    for (const [aspect, texts] of Object.entries(LOOKS)) {
      const parts = [];
      for (const sql of texts) parts.push(await ask(sql));
      seen[aspect] = parts.join(" ");
    }
    return seen;
  };
  const folder: string = JSON.parse(await ask("SELECT @@datadir"))[0][0];
  const base = new Map<Found, Look>();
  let standing: Found | undefined;
  const lay = async (found: Found) => {
    if (standing === found) {
      await admin.query(`DROP TABLE IF EXISTS ${database}._snakepipe_aside`);
      if (found === "referred") {
        await admin.query(
          `SET foreign_key_checks = 0; TRUNCATE ${database}.t; INSERT INTO ${database}.t (id, a, b) VALUES ${ROWS}; SET foreign_key_checks = 1`,
        );
      } else if (found !== "absent") {
        await admin.query(
          `TRUNCATE ${database}.t; INSERT INTO ${database}.t (id, a, b) VALUES ${ROWS}`,
        );
      } else await admin.query(`DROP TABLE IF EXISTS ${database}.t`);
      return;
    }
    try {
      for await (const { name } of Deno.readDir(`${folder}/${database}`)) {
        if (!/\.(frm|ibd|TRG|TRN|opt)$/.test(name)) {
          await Deno.remove(`${folder}/${database}/${name}`, { recursive: true });
        }
      }
    } catch { /* None is there yet. */ }
    await admin.query(layout(database, found));
    base.set(found, await look());
    standing = found;
  };
  return {
    begin: "START TRANSACTION",
    denied: /you need .* privilege|wants to read|Operation CREATE USER failed/i,
    endless: /max_statement_time|interrupted|memory|packet|recursion|stack|Lock wait timeout/i,
    quote: (name) => `\`${name.replaceAll("`", "``")}\``,
    tables: {
      table: `\`${database}\`.\`t\``,
      staging: `\`${database}\`.\`_snakepipe_staging\``,
      aside: `\`${database}\`.\`_snakepipe_aside\``,
    },
    async open(found, { mode, hurried }): Promise<World> {
      await lay(found);
      const session = await createConnection({
        ...options,
        user: hostile,
        password: "hostile",
        database,
      });
      await session.query(
        `SET max_statement_time = ${
          hurried ? 0.4 : 60
        }, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ANSI_QUOTES'`,
      );
      // As a driver does while it makes tables.
      await session.query(`SELECT get_lock('snakepipe', 1)`);
      if (mode === "replace") await session.query("SET foreign_key_checks = 0");
      const WITHIN = [
        "SELECT VARIABLE_NAME, VARIABLE_VALUE FROM information_schema.SESSION_VARIABLES WHERE VARIABLE_NAME NOT REGEXP '^(GTID|TIMESTAMP|LAST_|RAND|PSEUDO|IDENTITY|INSERT_ID|WARNING|ERROR_COUNT|IN_TRANS|PROXY)' ORDER BY 1",
        "SELECT database(), current_user(), current_role()",
        "SELECT VARIABLE_NAME, VARIABLE_VALUE FROM information_schema.USER_VARIABLES WHERE VARIABLE_NAME <> 'noted'",
        "SELECT is_used_lock(version()) IS NOT NULL, is_used_lock('snakepipe') IS NOT NULL",
      ];
      return {
        async run(text) {
          const [rows] = await session.query({ sql: text, rowsAsArray: true });
          const [row] = Array.isArray(rows) ? rows as unknown[] : [];
          return Array.isArray(row) ? row.map(String).join(", ") : undefined;
        },
        async lookWithin() {
          const parts = [];
          for (const sql of WITHIN) parts.push(await ask(sql, session));
          return { "the session": parts.join(" ") };
        },
        async look() {
          session.destroy();
          const seen: Record<string, string> = { ...await look() };
          const names = [];
          for await (const { name } of Deno.readDir(`${folder}/${database}`)) {
            if (!/\.(frm|ibd|TRG|TRN|opt)$/.test(name)) names.push(name);
          }
          seen["files"] = names.sort().join(", ");
          const { "rows of the table": _, ...others } = seen;
          const laid: Look = { ...base.get(found)!, files: "" };
          if (!Object.entries(others).every(([aspect, text]) => laid[aspect] === text)) {
            standing = undefined;
          }
          return seen;
        },
        close: () => Promise.resolve(session.destroy()),
      };
    },
    async [Symbol.asyncDispose]() {
      await admin.query(`DROP DATABASE IF EXISTS ${database}; DROP USER IF EXISTS ${hostile}@'%'`);
      await admin.end();
    },
  };
}
