/** Has a value's last byte and its quote be one character. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, _gbk {value:2})",
    },
  },
  says: "insert.row: _GBK stands where {value:2} belongs",
};
