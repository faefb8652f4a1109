/* Who the plugin is, what a session of it runs, and its plans. */
#include "snakepipe.h"
#include "upsert.h"

#define PARAMETERS_MAX 65535

EXPORT(manifest) {
  return answer(JSON({
    /* CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to. */
    "abi":2,"name":"mydb","version":"0.1.0","backend":"mydb","schemes":["mydb"],
    "driver":"duckdb",
    /* CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most. */
    "capabilities":{
      "modes":["append","upsert","replace"],"transactions":true,
      "limits":{"parametersMax":PARAMETERS_MAX,"rowsPerStatementMax":PARAMETERS_MAX,"identifierBytesMax":1024}
    },
    /* CHANGE 3 of 6: its settings, which --set name=value sets; connect says what each new session runs. */
    "config":{"type":"object","required":[],"properties":{
      "decimalScale":{"type":"integer","description":"Digits behind the point of decimal columns, of 38 in all",
        "default":10,"minimum":0,"maximum":38}
    }}
  }));
}

EXPORT(connect) {
  return OK; /* Nothing: sql_session(give("…")) would add a statement. */
}

/* Asks for SELECT 1, which a healthy database answers in so many milliseconds. */
EXPORT(health_check) { return check_health(1000); }

/* Classes of errors that the driver does not know one by one. */
EXPORT(classify_error) {
  /* CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row. */
  if (error_begins("TRANSACTION")) return classify(CONFLICT);
  if (error_begins("CONSTRAINT CONVERSION OUT_OF_RANGE")) return classify(DATA);
  return classify(FATAL);
}

static void put_type(int column) {
  (void)column; /* DECIMAL alone */
  put("DECIMAL(38, "); put_number(setting_number("decimalScale")); put(")");
}

EXPORT(write_batch) {
  static const dialect own = {
    /* CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of a statement; its types. */
    .batch_rows = 122880, .batch_bytes = 32 * 1024 * 1024,
    .parameters_max = PARAMETERS_MAX, .rows_per_statement = 100, .parameters_beside = 1,
    .types = {
      [BOOLEAN] = "BOOLEAN", [INT16] = "SMALLINT", [INT32] = "INTEGER", [INT64] = "BIGINT",
      [FLOAT32] = "FLOAT", [FLOAT64] = "DOUBLE", [TEXT] = "VARCHAR", [JSON_TYPE] = "JSON", [BYTES] = "BLOB",
      [DATE] = "DATE", [TIME] = "TIME", [TIMESTAMP] = "TIMESTAMP", [TIMESTAMPTZ] = "TIMESTAMPTZ",
      [UUID] = "UUID", [OTHER] = "VARCHAR",
    },
    .put_type = put_type, .table_options = "", .no_rows = "WITH NO DATA",
    .upsert = upsert, .replace = 0,
  };
  return plan(&own);
}
