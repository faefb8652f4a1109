/** Makes keys equal that are not. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
    ],
  },
  says:
    "create[0]: UTF8MB4_GENERAL_CI stands where UTF8MB4_BIN or UTF8MB4_NOPAD_BIN or UTF8MB4_0900_BIN or ASCII_BIN belongs",
};
