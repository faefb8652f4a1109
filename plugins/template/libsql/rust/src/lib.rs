//! Who the plugin is, what a session of it runs, and its plans.
#![no_std]

mod upsert;

use snakepipe::*;

const PARAMETERS_MAX: i32 = 32766;

// CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to.
// CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most.
// CHANGE 3 of 6: its settings, which --set name=value sets; connect says what each new session runs.
#[no_mangle]
pub extern "C" fn manifest() -> i32 {
    answer(r#"{"abi":2,"name":"mydb","version":"0.1.0","backend":"mydb","schemes":["mydb"],"driver":"libsql",
"capabilities":{"modes":["append","upsert","replace"],"transactions":true,
"limits":{"parametersMax":32766,"rowsPerStatementMax":32766,"identifierBytesMax":255}},
"config":{"type":"object","required":[],"properties":{
"cacheMegabytes":{"type":"integer","description":"Pages that a connection keeps in memory, in MiB",
"default":8,"minimum":1,"maximum":4096}}}}"#)
}

#[no_mangle]
pub extern "C" fn connect() -> i32 {
    put("PRAGMA cache_size = -"); put_number(setting_number("cacheMegabytes") as u64 * 1024);
    sql_session(text());
    OK
}

#[no_mangle]
pub extern "C" fn health_check() -> i32 {
    check_health(1000) // asks for SELECT 1; a healthy database answers in so many milliseconds
}

/// Result codes by their family, for those that the driver does not know one by one.
#[no_mangle]
pub extern "C" fn classify_error() -> i32 {
    // CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row.
    if error_begins("SQLITE_BUSY") || error_begins("SQLITE_LOCKED") || error_begins("SQLITE_PROTOCOL") { return classify(failure::CONFLICT) }
    if error_begins("SQLITE_CONSTRAINT") || error_begins("SQLITE_MISMATCH") || error_begins("SQLITE_TOOBIG") { return classify(failure::DATA) }
    if error_begins("SQLITE_SCHEMA") || error_begins("HRANA_") { return classify(failure::TRANSIENT) }
    classify(failure::FATAL)
}

static DIALECT: Dialect = Dialect {
    // CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of a statement; its types.
    batch: (20000, 8 * 1024 * 1024),
    statement: (PARAMETERS_MAX, 30),
    parameters_beside: 0,
    types: "BOOLEAN INTEGER|INTEGER|INTEGER|INTEGER|DECIMAL TEXT|REAL|REAL|\
        TEXT|JSON TEXT|BLOB|DATE TEXT|TIME TEXT|TIMESTAMP TEXT|TIMESTAMPTZ TEXT|UUID TEXT|TEXT",
    put_type: |_| {},
    table: ("", "WHERE 0"),
    upsert: upsert::upsert,
    replace: None,
};

#[no_mangle]
pub extern "C" fn write_batch() -> i32 {
    DIALECT.plan()
}
