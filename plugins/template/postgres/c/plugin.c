/* Who the plugin is, what a session of it runs, and its plans. */
#include "snakepipe.h"
#include "upsert.h"

#define PARAMETERS_MAX 65533

EXPORT(manifest) {
  return answer(JSON({
    /* CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to. */
    "abi":2,"name":"mydb","version":"0.1.0","backend":"mydb","schemes":["mydb"],
    "driver":"postgres",
    /* CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most. */
    "capabilities":{
      "modes":["append","upsert","replace"],"transactions":true,
      "limits":{"parametersMax":PARAMETERS_MAX,"rowsPerStatementMax":65535,"identifierBytesMax":63}
    },
    /* CHANGE 3 of 6: its settings, which --set name=value sets; connect says what each new session runs. */
    "config":{"type":"object","required":[],"properties":{
      "jsonType":{"type":"string","description":"Type of json columns in new tables",
        "default":"jsonb","enum":["jsonb","json"]}
    }}
  }));
}

EXPORT(connect) {
  return OK; /* Nothing: sql_session(give("SET jit TO off")) would add a statement. */
}

/* Asks for SELECT 1, which a healthy database answers in so many milliseconds. */
EXPORT(health_check) { return check_health(1000); }

/* SQLSTATEs by their class, for those that the driver does not know one by one. */
EXPORT(classify_error) {
  /* CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row. */
  if (error_begins("08 57P 53300 53400")) return classify(TRANSIENT);
  if (error_begins("40 55P03")) return classify(CONFLICT);
  if (error_begins("22 23")) return classify(DATA);
  return classify(FATAL);
}

static void put_type(int column) {
  (void)column; /* JSON_TYPE alone */
  put_setting("jsonType");
}

/* Rows gather in an unlogged table beside the target, and are moved in one transaction. */
static int replace(const dialect *d) {
  sql_prepare(give("CREATE UNLOGGED TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA"));
  sql_finish(give("TRUNCATE TABLE {table}"));
  sql_finish(give("INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {aside}"));
  put_insert("{aside} ({columns})");
  return insert(d, "({values})");
}

EXPORT(write_batch) {
  static const dialect own = {
    /* CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of a statement; its types. */
    .batch_rows = 100000, .batch_bytes = 16 * 1024 * 1024,
    .parameters_max = PARAMETERS_MAX, .rows_per_statement = 1000, .parameters_beside = 1,
    .types = {
      [BOOLEAN] = "boolean", [INT16] = "smallint", [INT32] = "integer", [INT64] = "bigint",
      [DECIMAL] = "numeric", [FLOAT32] = "real", [FLOAT64] = "double precision", [TEXT] = "text",
      [BYTES] = "bytea", [DATE] = "date", [TIME] = "time", [TIMESTAMP] = "timestamp",
      [TIMESTAMPTZ] = "timestamptz", [UUID] = "uuid", [OTHER] = "text",
    },
    .put_type = put_type, .table_options = "", .no_rows = "WITH NO DATA",
    .upsert = upsert, .replace = replace,
  };
  return plan(&own);
}
