/**
 * Who loads into MariaDB, each as its own documentation has it, over TCP, in the fastest way that is
 * documented.
 */
import type { Assignment, Competitor } from "./competitor.ts";
import type { ProcessOrder } from "./process.ts";
import { denoScript } from "./script.ts";
import type { MysqlPlace } from "./scripts/job.ts";

/** Name of what the others are compared with. */
export const MYSQL_REFERENCE = "mariadb LOAD DATA LOCAL, CSV";

/** Name of the client library's own way to insert many rows. */
export const MYSQL2 = "mysql2 batched INSERT";

/** Name of the query builder. */
export const KNEX_ON_MYSQL = "knex on MariaDB";

/** The database's own client, the reference first. */
export const LOAD_DATA: readonly Competitor[] = [
  {
    name: MYSQL_REFERENCE,
    side: "reference",
    needs: ["mariadb"],
    nulls: "emptied",
    command: ({ files, place }) => {
      const { name, columns } = files.dataset;
      // An empty field is no number: it goes into a variable first.
      const emptied = columns.filter((c) => c.nullable && c.type !== "text");
      const fields = columns.map((c) => emptied.includes(c) ? `@${c.name}` : c.name);
      const sets = emptied.map((c) => `${c.name} = nullif(@${c.name}, '')`);
      return clientOrder(
        place,
        `LOAD DATA LOCAL INFILE '${files.csv}' INTO TABLE ${name} CHARACTER SET utf8mb4 ` +
          `FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY '' ` +
          `LINES TERMINATED BY '\\n' IGNORE 1 LINES (${fields.join(", ")})` +
          (sets.length > 0 ? ` SET ${sets.join(", ")}` : ""),
      );
    },
  },
  {
    name: "mariadb LOAD DATA LOCAL, text",
    side: "others",
    needs: ["mariadb"],
    command: ({ files, place }) =>
      clientOrder(
        place,
        `LOAD DATA LOCAL INFILE '${files.text}' INTO TABLE ${files.dataset.name} ` +
          `CHARACTER SET utf8mb4`,
      ),
  },
];

/** JavaScript libraries, each in one transaction. */
export const LIBRARIES_ON_MYSQL: readonly Competitor[] = [
  denoScript("mysql2_insert", { name: MYSQL2 }),
  denoScript("knex_mysql", { name: KNEX_ON_MYSQL, slow: true }),
];

/** https://mariadb.com/kb/en/load-data-infile/ */
function clientOrder(place: Assignment["place"], statement: string): ProcessOrder {
  const { host, port, user, password, database } = mysqlPlace(place);
  return {
    program: "mariadb",
    args: [
      ...["--no-defaults", "--local-infile=1", "--batch", "--protocol=tcp"],
      ...[`--host=${host}`, `--port=${port}`, `--user=${user}`, database],
      `--execute=${statement}`,
    ],
    env: { MYSQL_PWD: password },
  };
}

function mysqlPlace(place: Assignment["place"]): MysqlPlace {
  if (place.kind !== "mysql") throw new Error(`No MariaDB server: ${place.kind}`);
  return place.mysql;
}
