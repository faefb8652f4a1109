//! Who the plugin is, what a session of it runs, and its plans.
#![no_std]

mod upsert;

use snakepipe::{column_type::*, *};

const PARAMETERS_MAX: i32 = 65535;

// CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to.
// CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most.
// CHANGE 3 of 6: its settings, which --set name=value sets; connect says what each new session runs.
#[no_mangle]
pub extern "C" fn manifest() -> i32 {
    answer(r#"{"abi":2,"name":"mydb","version":"0.1.0","backend":"mydb","schemes":["mydb"],"driver":"mysql",
"capabilities":{"modes":["append","upsert","replace"],"transactions":true,
"limits":{"parametersMax":65535,"rowsPerStatementMax":65535,"identifierBytesMax":192}},
"config":{"type":"object","required":[],"properties":{
"lockWaitSeconds":{"type":"integer","description":"Seconds that a statement waits for a locked row",
"default":50,"minimum":1,"maximum":600}}}}"#)
}

#[no_mangle]
pub extern "C" fn connect() -> i32 {
    put("SET SESSION innodb_lock_wait_timeout = "); put_number(setting_number("lockWaitSeconds") as u64);
    sql_session(text());
    OK
}

#[no_mangle]
pub extern "C" fn health_check() -> i32 {
    check_health(1000) // asks for SELECT 1; a healthy database answers in so many milliseconds
}

/// Codes by their names, for those that the driver does not know one by one.
#[no_mangle]
pub extern "C" fn classify_error() -> i32 {
    // CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row.
    if error_begins("ER_LOCK_") || error_begins("ER_XA_RB") { return classify(failure::CONFLICT) }
    if error_begins("ER_WRONG_VALUE") || error_begins("ER_INVALID_JSON") { return classify(failure::DATA) }
    if error_begins("PROTOCOL_") { return classify(failure::TRANSIENT) }
    classify(failure::FATAL)
}

/// Bytes of each text and each bytes in the key; InnoDB takes 3,072 for the whole of it.
fn key_bytes() -> u64 {
    let sized = (0..batch_column_count())
        .filter(|&i| is_key(i) && matches!(batch_column_type(i), TEXT | BYTES | OTHER))
        .count() as u64;
    (3000 - 36 * (key_count() as u64 - sized)) / sized.max(1)
}

/// A text without a length cannot be a key, nor can bytes.
fn put_type(column: i32) {
    let is_bytes = batch_column_type(column) == BYTES;
    if !is_key(column) { return put(if is_bytes { "LONGBLOB" } else { "LONGTEXT" }) }
    put(if is_bytes { "VARBINARY(" } else { "VARCHAR(" });
    put_number(if is_bytes { key_bytes() } else { key_bytes() / 4 });
    put(")")
}

static DIALECT: Dialect = Dialect {
    // CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of a statement; its types.
    batch: (100000, 16 * 1024 * 1024),
    statement: (PARAMETERS_MAX, 1000),
    parameters_beside: 0,
    types: "TINYINT(1)|SMALLINT|INT|BIGINT|DECIMAL(65, 30)|FLOAT|DOUBLE|\
        |JSON||DATE|TIME(6)|DATETIME(6)|DATETIME(6)|CHAR(36) CHARACTER SET ascii COLLATE ascii_bin|",
    put_type,
    table: (" ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "WHERE 0"),
    upsert: upsert::upsert,
    replace: None,
};

#[no_mangle]
pub extern "C" fn write_batch() -> i32 {
    DIALECT.plan()
}
