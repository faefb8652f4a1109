/* Who the plugin is, what a session of it runs, and its plans. */
#include "snakepipe.h"
#include "upsert.h"

#define PARAMETERS_MAX 65535

EXPORT(manifest) {
  return answer(JSON({
    /* CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to. */
    "abi":2,"name":"mydb","version":"0.1.0","backend":"mydb","schemes":["mydb"],
    "driver":"mysql",
    /* CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most. */
    "capabilities":{
      "modes":["append","upsert","replace"],"transactions":true,
      "limits":{"parametersMax":PARAMETERS_MAX,"rowsPerStatementMax":PARAMETERS_MAX,"identifierBytesMax":192}
    },
    /* CHANGE 3 of 6: its settings, which --set name=value sets; connect says what each new session runs. */
    "config":{"type":"object","required":[],"properties":{
      "lockWaitSeconds":{"type":"integer","description":"Seconds that a statement waits for a locked row",
        "default":50,"minimum":1,"maximum":600}
    }}
  }));
}

EXPORT(connect) {
  put("SET SESSION innodb_lock_wait_timeout = "); put_number(setting_number("lockWaitSeconds"));
  sql_session(text());
  return OK;
}

/* Asks for SELECT 1, which a healthy database answers in so many milliseconds. */
EXPORT(health_check) { return check_health(1000); }

/* Codes by their names, for those that the driver does not know one by one. */
EXPORT(classify_error) {
  /* CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row. */
  if (error_begins("ER_LOCK_ ER_XA_RB")) return classify(CONFLICT);
  if (error_begins("ER_WRONG_VALUE ER_INVALID_JSON")) return classify(DATA);
  if (error_begins("PROTOCOL_")) return classify(TRANSIENT);
  return classify(FATAL);
}

/* Bytes of each text and each bytes in the key; InnoDB takes 3,072 for the whole of it. */
static int key_bytes(void) {
  int sized = 0;
  for (int i = 0; i < batch_column_count(); i++) {
    int type = batch_column_type(i);
    sized += is_key(i) && (type == TEXT || type == BYTES || type == OTHER);
  }
  return (3000 - 36 * (key_count() - sized)) / (sized ? sized : 1);
}

/* A text without a length cannot be a key, nor can bytes. */
static void put_type(int column) {
  int is_bytes = batch_column_type(column) == BYTES;
  if (!is_key(column)) { put(is_bytes ? "LONGBLOB" : "LONGTEXT"); return; }
  put(is_bytes ? "VARBINARY(" : "VARCHAR("); put_number(is_bytes ? key_bytes() : key_bytes() / 4); put(")");
}

EXPORT(write_batch) {
  static const dialect own = {
    /* CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of a statement; its types. */
    .batch_rows = 100000, .batch_bytes = 16 * 1024 * 1024,
    .parameters_max = PARAMETERS_MAX, .rows_per_statement = 1000, .parameters_beside = 0,
    .types = {
      [BOOLEAN] = "TINYINT(1)", [INT16] = "SMALLINT", [INT32] = "INT", [INT64] = "BIGINT",
      [DECIMAL] = "DECIMAL(65, 30)", [FLOAT32] = "FLOAT", [FLOAT64] = "DOUBLE", [JSON_TYPE] = "JSON",
      [DATE] = "DATE", [TIME] = "TIME(6)", [TIMESTAMP] = "DATETIME(6)", [TIMESTAMPTZ] = "DATETIME(6)",
      [UUID] = "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin",
    },
    .put_type = put_type,
    .table_options = " ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", .no_rows = "WHERE 0",
    .upsert = upsert, .replace = 0,
  };
  return plan(&own);
}
