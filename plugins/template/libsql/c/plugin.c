/* Who the plugin is, what a session of it runs, and its plans. */
#include "snakepipe.h"
#include "upsert.h"

#define PARAMETERS_MAX 32766

EXPORT(manifest) {
  return answer(JSON({
    /* CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to. */
    "abi":2,"name":"mydb","version":"0.1.0","backend":"mydb","schemes":["mydb"],
    "driver":"libsql",
    /* CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most. */
    "capabilities":{
      "modes":["append","upsert","replace"],"transactions":true,
      "limits":{"parametersMax":PARAMETERS_MAX,"rowsPerStatementMax":PARAMETERS_MAX,"identifierBytesMax":255}
    },
    /* CHANGE 3 of 6: its settings, which --set name=value sets; connect says what each new session runs. */
    "config":{"type":"object","required":[],"properties":{
      "cacheMegabytes":{"type":"integer","description":"Pages that a connection keeps in memory, in MiB",
        "default":8,"minimum":1,"maximum":4096}
    }}
  }));
}

EXPORT(connect) {
  put("PRAGMA cache_size = -"); put_number(setting_number("cacheMegabytes") * 1024);
  sql_session(text());
  return OK;
}

/* Asks for SELECT 1, which a healthy database answers in so many milliseconds. */
EXPORT(health_check) { return check_health(1000); }

/* Result codes by their family, for those that the driver does not know one by one. */
EXPORT(classify_error) {
  /* CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row. */
  if (error_begins("SQLITE_BUSY SQLITE_LOCKED SQLITE_PROTOCOL")) return classify(CONFLICT);
  if (error_begins("SQLITE_CONSTRAINT SQLITE_MISMATCH SQLITE_TOOBIG")) return classify(DATA);
  if (error_begins("SQLITE_SCHEMA HRANA_")) return classify(TRANSIENT);
  return classify(FATAL);
}

EXPORT(write_batch) {
  static const dialect own = {
    /* CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of a statement; its types. */
    .batch_rows = 20000, .batch_bytes = 8 * 1024 * 1024,
    .parameters_max = PARAMETERS_MAX, .rows_per_statement = 30, .parameters_beside = 0,
    .types = {
      [BOOLEAN] = "BOOLEAN INTEGER", [INT16] = "INTEGER", [INT32] = "INTEGER", [INT64] = "INTEGER",
      [DECIMAL] = "DECIMAL TEXT", [FLOAT32] = "REAL", [FLOAT64] = "REAL", [TEXT] = "TEXT",
      [JSON_TYPE] = "JSON TEXT", [BYTES] = "BLOB", [DATE] = "DATE TEXT", [TIME] = "TIME TEXT",
      [TIMESTAMP] = "TIMESTAMP TEXT", [TIMESTAMPTZ] = "TIMESTAMPTZ TEXT", [UUID] = "UUID TEXT",
      [OTHER] = "TEXT",
    },
    .put_type = 0, .table_options = "", .no_rows = "WHERE 0",
    .upsert = upsert, .replace = 0,
  };
  return plan(&own);
}
