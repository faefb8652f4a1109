//! How rows meet those with the same key: they are copied into a temporary table, each with its number, and
//! of those with one key the last is merged.
use snakepipe::*;

/// PostgreSQL touches no row twice in one statement, so the rows of a key have their numbers.
pub fn upsert(dialect: &Dialect) -> i32 {
    // CHANGE 5 of 6: the table that takes a batch, and how its rows are merged.
    sql_stage(give("DROP TABLE IF EXISTS {staging}"));
    sql_stage(give(
        "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS \
         SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
    ));
    put(
        "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE \
         SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC \
         ON CONFLICT ({keys}) DO UPDATE SET ",
    );
    put_updates("EXCLUDED.", "");
    sql_merge(text());
    put_insert("{staging} ({columns}, {ordinal})");
    dialect.insert("({values}, {ordinal})")
}
