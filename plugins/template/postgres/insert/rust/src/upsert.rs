//! How rows meet those with the same key: by INSERT alone, for a server that has neither COPY nor temporary
//! tables. PostgreSQL touches no row twice in one statement, so each statement has one row; staging, as
//! `snakepipe new --write copy` has it, is many times as fast.
use snakepipe::*;

/// A batch may have a key twice: the last row stays. Every row has to count, so DO NOTHING will not do.
pub fn upsert(dialect: &Dialect) -> i32 {
    // CHANGE 5 of 6: what stands behind the rows, where a row with the same key is there.
    let _ = dialect;
    put(
        "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES {rows} \
         ON CONFLICT ({keys}) DO UPDATE SET ",
    );
    put_updates("EXCLUDED.", "");
    sql_insert(text(), give("({values})"), 1);
    OK
}
