/** Every capability function, by the name under which plugins import it. */
import type { CapabilityName } from "../../../../src/plugin_api/capability.ts";
import type { Capability } from "../call.ts";
import { batch_column_count } from "./batch_column_count.ts";
import { batch_column_flags } from "./batch_column_flags.ts";
import { batch_column_name } from "./batch_column_name.ts";
import { batch_column_type } from "./batch_column_type.ts";
import { batch_mode } from "./batch_mode.ts";
import { config_number } from "./config_number.ts";
import { config_text } from "./config_text.ts";
import { error_class } from "./error_class.ts";
import { error_code } from "./error_code.ts";
import { shape_batch } from "./shape_batch.ts";
import { sql_create } from "./sql_create.ts";
import { sql_finish } from "./sql_finish.ts";
import { sql_health } from "./sql_health.ts";
import { sql_insert } from "./sql_insert.ts";
import { sql_merge } from "./sql_merge.ts";
import { sql_prepare } from "./sql_prepare.ts";
import { sql_session } from "./sql_session.ts";
import { sql_stage } from "./sql_stage.ts";
import { sql_teardown } from "./sql_teardown.ts";

/** The functions behind the names of `CAPABILITIES`. */
export const CAPABILITY_FUNCTIONS: Readonly<Record<CapabilityName, Capability>> = {
  batch_column_count,
  batch_column_flags,
  batch_column_name,
  batch_column_type,
  batch_mode,
  config_number,
  config_text,
  error_class,
  error_code,
  shape_batch,
  sql_create,
  sql_finish,
  sql_health,
  sql_insert,
  sql_merge,
  sql_prepare,
  sql_session,
  sql_stage,
  sql_teardown,
};
