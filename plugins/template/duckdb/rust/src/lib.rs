//! Who the plugin is, what a session of it runs, and its plans.
#![no_std]

mod upsert;

use snakepipe::*;

const PARAMETERS_MAX: i32 = 65535;

// CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to.
// CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most.
// CHANGE 3 of 6: its settings, which --set name=value sets; connect says what each new session runs.
#[no_mangle]
pub extern "C" fn manifest() -> i32 {
    answer(r#"{"abi":2,"name":"mydb","version":"0.1.0","backend":"mydb","schemes":["mydb"],"driver":"duckdb",
"capabilities":{"modes":["append","upsert","replace"],"transactions":true,
"limits":{"parametersMax":65535,"rowsPerStatementMax":65535,"identifierBytesMax":1024}},
"config":{"type":"object","required":[],"properties":{
"decimalScale":{"type":"integer","description":"Digits behind the point of decimal columns, of 38 in all",
"default":10,"minimum":0,"maximum":38}}}}"#)
}

#[no_mangle]
pub extern "C" fn connect() -> i32 {
    OK // Nothing: sql_session(give("…")) would add a statement.
}

#[no_mangle]
pub extern "C" fn health_check() -> i32 {
    check_health(1000) // asks for SELECT 1; a healthy database answers in so many milliseconds
}

/// Classes of errors that the driver does not know one by one.
#[no_mangle]
pub extern "C" fn classify_error() -> i32 {
    // CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row.
    if error_begins("TRANSACTION") { return classify(failure::CONFLICT) }
    if error_begins("CONSTRAINT") || error_begins("CONVERSION") || error_begins("OUT_OF_RANGE") { return classify(failure::DATA) }
    classify(failure::FATAL)
}

fn put_type(_column: i32) {
    put("DECIMAL(38, "); put_number(setting_number("decimalScale") as u64); put(")") // decimal alone
}

static DIALECT: Dialect = Dialect {
    // CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of a statement; its types.
    batch: (122880, 32 * 1024 * 1024),
    statement: (PARAMETERS_MAX, 100),
    parameters_beside: 1,
    types: "BOOLEAN|SMALLINT|INTEGER|BIGINT||FLOAT|DOUBLE|\
        VARCHAR|JSON|BLOB|DATE|TIME|TIMESTAMP|TIMESTAMPTZ|UUID|VARCHAR",
    put_type,
    table: ("", "WITH NO DATA"),
    upsert: upsert::upsert,
    replace: None,
};

#[no_mangle]
pub extern "C" fn write_batch() -> i32 {
    DIALECT.plan()
}
