/** Refuses rows beyond its partitions. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) PARTITION BY KEY ({keys}) PARTITIONS 2",
    ],
  },
  says: "create[0]: PARTITION stands where ENGINE or CHARACTER or COLLATE or its end belongs",
};
