/*
 * The kit for plugins in C: the functions of the host, and on them what most plugins need. It needs nothing
 * else, no libc either. Texts are built with put(…) and the like, and handed over by text(), as in
 * sql_stage(text()); one that is there as a whole is handed over by give("…"). Only what a plugin calls ends
 * up in its imports.
 */
#pragma once

/** A text of the host's; 0 is none. */
typedef long long handle;
/** What an export returns when all is well. */
#define OK 0
/** Begins an export, as in EXPORT(connect) { return OK; }. */
#define EXPORT(name) __attribute__((export_name(#name))) int name(void)
/** JSON as it is written, comments and macros included, as a text. */
#define JSON(...) JSON_TEXT(__VA_ARGS__)
#define JSON_TEXT(...) #__VA_ARGS__
#define FROM(place, name) __attribute__((import_module("extism:host/" place), import_name(#name))) name

extern handle FROM("env", alloc)(long long bytes);
extern long long FROM("env", length)(handle text);
extern int FROM("env", load_u8)(long long address);
extern void FROM("env", store_u8)(long long address, int value);
extern void FROM("env", store_u64)(long long address, long long value);
extern long long FROM("env", input_length)(void);
extern int FROM("env", input_load_u8)(long long offset);
extern void FROM("env", output_set)(handle text, long long bytes);
extern void FROM("env", error_set)(handle text);

/** write_batch: how many columns there are. */
extern int FROM("user", batch_column_count)(void);
/** write_batch: the type of a column, as the enum below counts. */
extern int FROM("user", batch_column_type)(int column);
/** write_batch: the sum of 1 if a column is nullable and 2 if it is in the key. */
extern int FROM("user", batch_column_flags)(int column);
/** write_batch: the mode, as the enum below counts. */
extern int FROM("user", batch_mode)(void);
/** write_batch: the batch that suits the database, in rows and bytes. */
extern void FROM("user", shape_batch)(int rows, int bytes);
/** connect: a statement for each new connection. */
extern void FROM("user", sql_session)(handle statement);
/** close: a statement before a connection is closed. */
extern void FROM("user", sql_teardown)(handle statement);
/** write_batch: once a load, only where the target table is not there: what makes it. */
extern void FROM("user", sql_create)(handle statement);
/** write_batch: once a load, before its first batch: other DDL. */
extern void FROM("user", sql_prepare)(handle statement);
/** write_batch: once a connection that takes part in the load: staging. */
extern void FROM("user", sql_stage)(handle statement);
/** write_batch: where rows go, what each looks like, and how many a statement has at the most. */
extern void FROM("user", sql_insert)(handle statement, handle row, int rows);
/** write_batch: each batch, in its transaction, once its rows are in. */
extern void FROM("user", sql_merge)(handle statement);
/** write_batch: once a load, in the transaction that marks it as complete. */
extern void FROM("user", sql_finish)(handle statement);
/** health_check, first call: the probe. */
extern void FROM("user", sql_health)(handle statement);
/** One of the plugin's own settings; 0 where it is not set, or a secret. */
extern handle FROM("user", config_text)(handle name);
/** The same as an integer; of a flag 1 or 0. */
extern long long FROM("user", config_number)(handle name);
/** classify_error: SQLSTATE, or the name of a result code. */
extern handle FROM("user", error_code)(void);
/** classify_error: what kind of failure it is, as the enum below counts. */
extern void FROM("user", error_class)(int kind);

enum { APPEND, UPSERT, REPLACE };
enum { TRANSIENT, CONFLICT, DATA, FATAL };
enum { BOOLEAN, INT16, INT32, INT64, DECIMAL, FLOAT32, FLOAT64, TEXT, JSON_TYPE, BYTES, DATE, TIME, TIMESTAMP,
  TIMESTAMPTZ, UUID, OTHER };

/* The text at hand: a statement has 64 KiB at the most. */
static char text_bytes[128 * 1024]; static int text_length;
static inline int length_of(const char *text) { int n = 0; while (text[n]) n++; return n; }
static inline handle copy_of(const char *bytes, int count) {
  handle made = alloc(count);
  int at = 0;
  for (long long word; at + 8 <= count; at += 8) { __builtin_memcpy(&word, bytes + at, 8); store_u64(made + at, word); }
  for (; at < count; at++) store_u8(made + at, bytes[at]);
  return made;
}
/** A text as it stands, for the host. */
static inline handle give(const char *text) { return copy_of(text, length_of(text)); }
/** Says why an export fails. Return what it returns. */
static inline int fail(const char *why) { error_set(give(why)); return 1; }
/** Hands a text to the host as the export's output. Return what it returns. */
static inline int answer(const char *text) { output_set(give(text), length_of(text)); return OK; }
static inline void put_byte(char byte) {
  if (text_length == sizeof text_bytes) __builtin_trap();
  text_bytes[text_length++] = byte;
}
/** Adds to the text at hand. */
static inline void put(const char *more) { while (*more) put_byte(*more++); }
/** Adds a whole number that is not negative. */
static inline void put_number(long long number) {
  if (number > 9) put_number(number / 10);
  put_byte('0' + number % 10);
}
/** Adds the slot of a column's quoted name: {col:3}. */
static inline void put_column(int column) { put("{col:"); put_number(column); put("}"); }
/** Adds the text of one of the plugin's own settings. */
static inline void put_setting(const char *name) {
  handle found = config_text(give(name));
  for (int i = 0, count = found ? length(found) : 0; i < count; i++) put_byte(load_u8(found + i));
}
/** Hands over the text at hand, and begins the next one. */
static inline handle text(void) { handle made = copy_of(text_bytes, text_length); text_length = 0; return made; }
/** Whether one of the plugin's own settings, which is set, is this word. */
static inline int setting_is(const char *name, const char *word) {
  handle found = config_text(give(name));
  int at = 0, count = length(found);
  while (word[at] && at < count && load_u8(found + at) == word[at]) at++;
  return !word[at] && at == count;
}
/** One of the plugin's own settings as an integer; of a flag 1 or 0. */
static inline long long setting_number(const char *name) { return config_number(give(name)); }
/** Whether the code of the error begins with one of these words, which blanks part. Only in classify_error. */
static inline int error_begins(const char *words) {
  handle code = error_code();
  int at = 0, fits = 1, count = length(code);
  for (; *words && !(fits && *words == ' '); words++) {
    if (*words == ' ') { at = 0; fits = 1; }
    else { fits = fits && at < count && load_u8(code + at) == *words; at++; }
  }
  return fits;
}
/** Says what kind of failure it is. Return what it returns from classify_error. */
static inline int classify(int kind) { error_class(kind); return OK; }
/** Whether NULL may stand in a column. */
static inline int is_nullable(int column) { return (batch_column_flags(column) & 1) != 0; }
/** Whether a column belongs to the key. */
static inline int is_key(int column) { return (batch_column_flags(column) & 2) != 0; }
/** How many columns are in the key. */
static inline int key_count(void) { int n = 0; for (int i = 0; i < batch_column_count(); i++) n += is_key(i); return n; }

/** The whole of health_check, by SELECT 1: degraded where the answer takes more milliseconds. */
static inline int check_health(long long degraded_after) {
  long long count = input_length(), ms = 0, at = 13; /* {"latencyMs":3,"text":"1"} */
  if (count == 0) { sql_health(give("SELECT 1")); return OK; }
  for (; at < count && input_load_u8(at) != ','; at++) ms = ms * 10 + input_load_u8(at) - '0';
  if (at + 12 != count || input_load_u8(at + 9) != '1') return answer("unhealthy");
  return answer(ms > degraded_after ? "degraded" : "healthy");
}

/** A dialect of SQL with the plans that most databases take: what differs stands in it. */
typedef struct dialect {
  /** The batch that the database takes best; parameters of a statement; where more rows stop paying. */
  int batch_rows, batch_bytes, parameters_max, rows_per_statement;
  /** Parameters of a row beside its columns: 1 where it is staged with its {ordinal}. */
  int parameters_beside;
  /** What each type is called; put_type puts those that depend on more: it may be 0 where there are none. */
  const char *types[16];
  void (*put_type)(int column);
  /** What stands behind the columns of a table that is created, and what makes one of no rows by SELECT. */
  const char *table_options, *no_rows;
  /** Plans an upsert of a shape that has a key: of rows with one key the last stays, and each counts. */
  int (*upsert)(const struct dialect *);
  /** Plans a replace; 0 for DELETE and INSERT from the table beside the target. */
  int (*replace)(const struct dialect *);
} dialect;

/** Begins an INSERT of rows into what is named; a clause may be put behind it. */
static inline void put_insert(const char *into) { put("INSERT INTO "); put(into); put(" VALUES {rows}"); }
/** Hands over the INSERT at hand, and what each row looks like. Return what it returns. */
static inline int insert(const dialect *d, const char *row) {
  int rows = d->parameters_max / (batch_column_count() + d->parameters_beside);
  if (rows > d->rows_per_statement) rows = d->rows_per_statement;
  sql_insert(text(), give(row), rows < 1 ? 1 : rows); return OK;
}
/** Puts what an upsert sets, by what stands around a column of the row that comes; of keys alone, the first. */
static inline void put_updates(const char *before, const char *after) {
  int count = batch_column_count(), keys_alone = key_count() == count, any = 0;
  for (int i = 0; i < count; i++) {
    if (keys_alone ? i : is_key(i)) continue;
    if (any++) put(", ");
    put_column(i); put(" = "); put(before); put_column(i); put(after);
  }
}
/** Plans for the shape at hand. Return what it returns from write_batch. */
static inline int plan(const dialect *d) {
  shape_batch(d->batch_rows, d->batch_bytes);
  for (int i = 0; i < batch_column_count(); i++) {
    put(i ? ", " : "CREATE TABLE IF NOT EXISTS {table} ("); put_column(i); put(" ");
    const char *type = d->types[batch_column_type(i)];
    if (type) put(type); else d->put_type(i);
    if (!is_nullable(i)) put(" NOT NULL");
  }
  put(key_count() ? ", PRIMARY KEY ({keys}))" : ")"); put(d->table_options);
  sql_create(text());
  if (batch_mode() == UPSERT) return d->upsert(d);
  if (batch_mode() == APPEND) { put_insert("{table} ({columns})"); return insert(d, "({values})"); }
  if (d->replace) return d->replace(d);
  put("CREATE TABLE {aside} AS SELECT {columns} FROM {table} "); put(d->no_rows);
  sql_prepare(text());
  sql_finish(give("DELETE FROM {table}"));
  sql_finish(give("INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}"));
  put_insert("{aside} ({columns})");
  return insert(d, "({values})");
}
