//! Who the plugin is, what a session of it runs, and its plans.
#![no_std]

mod upsert;

use snakepipe::*;

const PARAMETERS_MAX: i32 = 65533;

// CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to.
// CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most.
// CHANGE 3 of 6: its settings, which --set name=value sets; connect says what each new session runs.
#[no_mangle]
pub extern "C" fn manifest() -> i32 {
    answer(r#"{"abi":2,"name":"mydb","version":"0.1.0","backend":"mydb","schemes":["mydb"],"driver":"postgres",
"capabilities":{"modes":["append","upsert","replace"],"transactions":true,
"limits":{"parametersMax":65533,"rowsPerStatementMax":65535,"identifierBytesMax":63}},
"config":{"type":"object","required":[],"properties":{
"jsonType":{"type":"string","description":"Type of json columns in new tables",
"default":"jsonb","enum":["jsonb","json"]}}}}"#)
}

#[no_mangle]
pub extern "C" fn connect() -> i32 {
    OK // Nothing: sql_session(give("SET jit TO off")) would add a statement.
}

#[no_mangle]
pub extern "C" fn health_check() -> i32 {
    check_health(1000) // asks for SELECT 1; a healthy database answers in so many milliseconds
}

/// SQLSTATEs by their class, for those that the driver does not know one by one.
#[no_mangle]
pub extern "C" fn classify_error() -> i32 {
    // CHANGE 6 of 6: codes that may pass by themselves, that tell of another transaction, or of a row.
    if error_begins("08") || error_begins("57P") || error_begins("53300") || error_begins("53400") { return classify(failure::TRANSIENT) }
    if error_begins("40") || error_begins("55P03") { return classify(failure::CONFLICT) }
    if error_begins("22") || error_begins("23") { return classify(failure::DATA) }
    classify(failure::FATAL)
}

fn put_type(_column: i32) {
    put_setting("jsonType") // json alone
}

/// Rows gather in an unlogged table beside the target, and are moved in one transaction.
fn replace(dialect: &Dialect) -> i32 {
    sql_prepare(give("CREATE UNLOGGED TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA"));
    sql_finish(give("TRUNCATE TABLE {table}"));
    sql_finish(give("INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {aside}"));
    put_insert("{aside} ({columns})");
    dialect.insert("({values})")
}

static DIALECT: Dialect = Dialect {
    // CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of a statement; its types.
    batch: (100000, 16 * 1024 * 1024),
    statement: (PARAMETERS_MAX, 1000),
    parameters_beside: 1,
    types: "boolean|smallint|integer|bigint|numeric|real|double precision|\
        text||bytea|date|time|timestamp|timestamptz|uuid|text",
    put_type,
    table: ("", "WITH NO DATA"),
    upsert: upsert::upsert,
    replace: Some(replace),
};

#[no_mangle]
pub extern "C" fn write_batch() -> i32 {
    DIALECT.plan()
}
