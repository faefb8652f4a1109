//! The kit for plugins in Rust: the functions of the host, and on them what most plugins need. It has no
//! dependencies and no allocator. Texts are built with `put(…)` and the like, and handed over by `text()`, as
//! in `sql_stage(text())`; one that is there as a whole is handed over by `give("…")`. Only what a plugin
//! calls ends up in its imports.
#![no_std]

use core::ptr::{addr_of, addr_of_mut};

/// What an export returns when all is well.
pub const OK: i32 = 0;

macro_rules! functions {
    ($from:literal $($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        mod imported { #[link(wasm_import_module = $from)] extern "C" { $(pub fn $name($($arg: $type),*) $(-> $result)?;)* } }
        $($(#[$doc])* #[inline(always)] pub fn $name($($arg: $type),*) $(-> $result)? { unsafe { imported::$name($($arg),*) } })*
    };
}

/// Extism's: memory, input, output.
pub mod kernel {
    functions! { "extism:host/env"
        fn alloc(bytes: i64) -> i64; fn length(text: i64) -> i64;
        fn load_u8(address: i64) -> i32; fn store_u8(address: i64, value: i32); fn store_u64(address: i64, value: i64);
        fn input_length() -> i64; fn input_load_u8(offset: i64) -> i32;
        fn output_set(text: i64, bytes: i64); fn error_set(text: i64);
    }
}

functions! { "extism:host/user"
    /** write_batch: how many columns there are. */ fn batch_column_count() -> i32;
    /** write_batch: the type of a column, as `column_type` counts. */ fn batch_column_type(column: i32) -> i32;
    /** write_batch: the sum of 1 if a column is nullable and 2 if it is in the key. */ fn batch_column_flags(column: i32) -> i32;
    /** write_batch: the mode, as `mode` counts. */ fn batch_mode() -> i32;
    /** write_batch: the batch that suits the database, in rows and bytes. */ fn shape_batch(rows: i32, bytes: i32);
    /** connect: a statement for each new connection. */ fn sql_session(statement: i64);
    /** close: a statement before a connection is closed. */ fn sql_teardown(statement: i64);
    /** write_batch: once a load, only where the target table is not there: what makes it. */ fn sql_create(statement: i64);
    /** write_batch: once a load, before its first batch: other DDL. */ fn sql_prepare(statement: i64);
    /** write_batch: once a connection that takes part in the load: staging. */ fn sql_stage(statement: i64);
    /** write_batch: where rows go, what each looks like, and how many a statement has at the most. */ fn sql_insert(statement: i64, row: i64, rows: i32);
    /** write_batch: each batch, in its transaction, once its rows are in. */ fn sql_merge(statement: i64);
    /** write_batch: once a load, in the transaction that marks it as complete. */ fn sql_finish(statement: i64);
    /** health_check, first call: the probe. */ fn sql_health(statement: i64);
    /** One of the plugin's own settings; 0 where it is not set, or a secret. */ fn config_text(name: i64) -> i64;
    /** The same as an integer; of a flag 1 or 0. */ fn config_number(name: i64) -> i64;
    /** classify_error: SQLSTATE, or the name of a result code. */ fn error_code() -> i64;
    /** classify_error: what kind of failure it is, as `failure` counts. */ fn error_class(kind: i32);
}

macro_rules! numbers { ($module:ident: $($name:ident)*) => { pub mod $module { numbers!(@ 0; $($name)*); } };
    (@ $n:expr; $name:ident $($rest:ident)*) => { pub const $name: i32 = $n; numbers!(@ $n + 1; $($rest)*); };
    (@ $n:expr;) => {}; }
numbers!(mode: APPEND UPSERT REPLACE);
numbers!(failure: TRANSIENT CONFLICT DATA FATAL);
numbers!(column_type: BOOLEAN INT16 INT32 INT64 DECIMAL FLOAT32 FLOAT64 TEXT JSON BYTES DATE TIME TIMESTAMP TIMESTAMPTZ UUID OTHER);

// The text at hand: a statement has 64 KiB at the most.
const TEXT_MAX: usize = 128 * 1024;
static mut TEXT_BYTES: [u8; TEXT_MAX] = [0; TEXT_MAX];
static mut TEXT_LENGTH: usize = 0;

fn copy_of(mut from: *const u8, count: usize) -> i64 {
    let made = kernel::alloc(count as i64);
    let (mut to, end) = (made, made + count as i64);
    unsafe {
        while to + 8 <= end { kernel::store_u64(to, from.cast::<i64>().read_unaligned()); to += 8; from = from.add(8) }
        while to < end { kernel::store_u8(to, *from as i32); to += 1; from = from.add(1) }
    }
    made
}
/// A text as it stands, for the host.
pub fn give(text: &str) -> i64 { copy_of(text.as_ptr(), text.len()) }
/// Says why an export fails. Return what it returns.
pub fn fail(why: &str) -> i32 { kernel::error_set(give(why)); 1 }
/// Hands a text to the host as the export's output. Return what it returns.
pub fn answer(text: &str) -> i32 { kernel::output_set(give(text), text.len() as i64); OK }

fn put_byte(byte: u8) {
    unsafe {
        if TEXT_LENGTH >= TEXT_MAX { core::arch::wasm32::unreachable() }
        *addr_of_mut!(TEXT_BYTES).cast::<u8>().add(TEXT_LENGTH) = byte;
        TEXT_LENGTH += 1;
    }
}
fn byte_of(text: &str, at: usize) -> u8 { unsafe { *text.as_ptr().add(at) } }
/// Adds to the text at hand.
pub fn put(more: &str) { for at in 0..more.len() { put_byte(byte_of(more, at)) } }
/// Adds a whole number.
pub fn put_number(number: u64) { if number > 9 { put_number(number / 10) } put_byte(b'0' + (number % 10) as u8) }
/// Adds the slot of a column's quoted name: `{col:3}`.
pub fn put_column(column: i32) { put("{col:"); put_number(column as u64); put("}") }
/// Adds the text of one of the plugin's own settings.
pub fn put_setting(name: &str) {
    let found = config_text(give(name));
    for i in 0..if found == 0 { 0 } else { kernel::length(found) } { put_byte(kernel::load_u8(found + i) as u8) }
}
/// Hands over the text at hand, and begins the next one.
pub fn text() -> i64 {
    unsafe { let made = copy_of(addr_of!(TEXT_BYTES).cast(), TEXT_LENGTH); TEXT_LENGTH = 0; made }
}

#[inline(never)]
fn begins(text: i64, with: &str) -> bool {
    let (count, mut at) = (with.len(), 0);
    while at < count && (at as i64) < kernel::length(text) && kernel::load_u8(text + at as i64) == byte_of(with, at) as i32 { at += 1 }
    at == count
}
/// Whether one of the plugin's own settings, which is set, is this word.
pub fn setting_is(name: &str, word: &str) -> bool {
    let found = config_text(give(name)); begins(found, word) && kernel::length(found) == word.len() as i64
}
/// One of the plugin's own settings as an integer; of a flag 1 or 0.
pub fn setting_number(name: &str) -> i64 { config_number(give(name)) }
/// Whether the code of the error begins so. Only in `classify_error`.
pub fn error_begins(with: &str) -> bool { begins(error_code(), with) }
/// Says what kind of failure it is. Return what it returns from `classify_error`.
pub fn classify(kind: i32) -> i32 { error_class(kind); OK }
/// Whether NULL may stand in a column.
pub fn is_nullable(column: i32) -> bool { batch_column_flags(column) & 1 != 0 }
/// Whether a column belongs to the key.
pub fn is_key(column: i32) -> bool { batch_column_flags(column) & 2 != 0 }
/// How many columns are in the key.
pub fn key_count() -> i32 { (0..batch_column_count()).filter(|&i| is_key(i)).count() as i32 }

/// The whole of `health_check`, by SELECT 1: degraded where the answer takes more milliseconds.
pub fn check_health(degraded_after: i64) -> i32 {
    let (count, mut ms, mut at) = (kernel::input_length(), 0, 13); // {"latencyMs":3,"text":"1"}
    if count == 0 { sql_health(give("SELECT 1")); return OK }
    while at < count && kernel::input_load_u8(at) != b',' as i32 { ms = ms * 10 + kernel::input_load_u8(at) - 48; at += 1 }
    if at + 12 != count || kernel::input_load_u8(at + 9) != b'1' as i32 { return answer("unhealthy") }
    answer(if ms as i64 > degraded_after { "degraded" } else { "healthy" })
}

/// A dialect of SQL with the plans that most databases take: what differs stands in it.
pub struct Dialect {
    /// The batch that the database takes best, in rows and in bytes.
    pub batch: (i32, i32),
    /// Parameters of a statement, and rows: where more in one statement stop paying.
    pub statement: (i32, i32),
    /// Parameters of a row beside its columns: 1 where it is staged with its {ordinal}.
    pub parameters_beside: i32,
    /// What each type is called, in the order of `column_type`, with | between; `put_type` puts those left empty.
    pub types: &'static str,
    pub put_type: fn(i32),
    /// What stands behind the columns of a table that is created, and what makes one of no rows by SELECT.
    pub table: (&'static str, &'static str),
    /// Plans an upsert of a shape that has a key: of rows with one key the last stays, and each counts.
    pub upsert: fn(&Dialect) -> i32,
    /// Plans a replace; None for DELETE and INSERT from the table beside the target.
    pub replace: Option<fn(&Dialect) -> i32>,
}

/// Begins an INSERT of rows into what is named; a clause may be put behind it.
pub fn put_insert(into: &str) { put("INSERT INTO "); put(into); put(" VALUES {rows}") }
/// Puts what an upsert sets, by what stands around a column of the row that comes; of keys alone, the first.
pub fn put_updates(before: &str, after: &str) {
    let (count, mut any) = (batch_column_count(), false);
    let keys_alone = key_count() == count;
    for i in 0..count {
        if if keys_alone { any } else { is_key(i) } { continue }
        if any { put(", ") }
        any = true; put_column(i); put(" = "); put(before); put_column(i); put(after)
    }
}

impl Dialect {
    /// Hands over the INSERT at hand, and what each row looks like. Return what it returns.
    pub fn insert(&self, row: &str) -> i32 {
        let (columns, (parameters, rows)) = (batch_column_count() + self.parameters_beside, self.statement);
        sql_insert(text(), give(row), parameters.checked_div(columns).unwrap_or(1).min(rows).max(1));
        OK
    }
    /// Plans for the shape at hand. Return what it returns from `write_batch`.
    pub fn plan(&self) -> i32 {
        shape_batch(self.batch.0, self.batch.1);
        for i in 0..batch_column_count() {
            put(if i > 0 { ", " } else { "CREATE TABLE IF NOT EXISTS {table} (" }); put_column(i); put(" ");
            let (mut before, mut named) = (batch_column_type(i), false);
            for at in 0..self.types.len() {
                let byte = byte_of(self.types, at);
                if byte == b'|' { before -= 1 } else if before == 0 { put_byte(byte); named = true }
            }
            if !named { (self.put_type)(i) }
            if !is_nullable(i) { put(" NOT NULL") }
        }
        put(if key_count() > 0 { ", PRIMARY KEY ({keys}))" } else { ")" }); put(self.table.0);
        sql_create(text());
        if batch_mode() == mode::UPSERT { return (self.upsert)(self) }
        if batch_mode() == mode::APPEND { put_insert("{table} ({columns})"); return self.insert("({values})") }
        if let Some(replace) = self.replace { return replace(self) }
        put("CREATE TABLE {aside} AS SELECT {columns} FROM {table} "); put(self.table.1);
        sql_prepare(text());
        sql_finish(give("DELETE FROM {table}"));
        sql_finish(give("INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}"));
        put_insert("{aside} ({columns})"); self.insert("({values})")
    }
}

#[panic_handler] fn panic(_: &core::panic::PanicInfo) -> ! { core::arch::wasm32::unreachable() }
