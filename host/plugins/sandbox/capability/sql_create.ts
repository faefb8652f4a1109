import { addStatement, type Call } from "../call.ts";
import { LIMITS } from "../../../../src/model/limits.ts";

/** Adds DDL of the target table: it runs once a load, only where the table is not there. */
export function sql_create(call: Call, statement: bigint): void {
  addStatement(call, call.draft.create, statement, LIMITS.statementsPerPhaseMax);
}
