import { FIELD_CASES } from "./cases/field_case.ts";
import { KEY_CASES } from "./cases/key_case.ts";
import { NAMES_HOLD } from "./cases/names_hold.ts";
import { RESUME_CASES } from "./cases/resume_case.ts";
import { RULE_CASES } from "./cases/rule_case.ts";
import { SAME_ROWS_HOLD } from "./cases/same_rows_hold.ts";
import { SHAPE_CASES } from "./cases/shape_case.ts";
import { TYPES_HOLD } from "./cases/types_hold.ts";
import { WIDE_TABLES_HOLD } from "./cases/wide_tables_hold.ts";
import type { Experiment } from "./experiment.ts";
import { experimentsOf } from "./table_case.ts";

/** All experiments, in the order in which they are run. */
export const SUITE: readonly Experiment[] = [
  ...experimentsOf(SHAPE_CASES),
  ...TYPES_HOLD,
  ...SAME_ROWS_HOLD,
  ...experimentsOf([...KEY_CASES, ...FIELD_CASES, ...RULE_CASES]),
  ...NAMES_HOLD,
  ...WIDE_TABLES_HOLD,
  ...experimentsOf(RESUME_CASES),
];
