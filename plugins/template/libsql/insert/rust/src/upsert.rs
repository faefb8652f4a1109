//! How rows meet those with the same key: by one INSERT, which takes its rows one after the other.
use snakepipe::*;

/// A batch may have a key twice: the last row stays. Every row has to count, so DO NOTHING will not do.
pub fn upsert(dialect: &Dialect) -> i32 {
    // CHANGE 5 of 6: what stands behind the rows, where a row with the same key is there.
    put_insert("{table} ({columns})");
    put(" ON CONFLICT ({keys}) DO UPDATE SET ");
    put_updates("excluded.", "");
    dialect.insert("({values})")
}
