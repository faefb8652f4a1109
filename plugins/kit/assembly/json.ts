// As much JSON as a plugin needs: texts to write, and the members of one flat object to read.

const QUOTE: i32 = 0x22;
const BACKSLASH: i32 = 0x5c;
/** JSON.stringify, which writes what is read here, uses these digits too. */
const HEX: string = "0123456789abcdef";

/** A text as a JSON string. */
export function quote(text: string): string {
  let quoted = '"';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit != QUOTE && unit != BACKSLASH) continue;
    quoted += text.substring(from, i) + "\\u00" + HEX.charAt(unit >> 4) + HEX.charAt(unit & 15);
    from = i + 1;
  }
  return quoted + text.substring(from) + '"';
}

/** A number in decimal digits. `toString` would bring 2 KB of tables for every other radix along. */
export function decimal(value: i64): string {
  let digits = "";
  let rest: u64 = value < 0 ? 0 - value : value;
  do {
    digits = String.fromCharCode(0x30 + (rest % 10) as i32) + digits;
    rest /= 10;
  } while (rest > 0);
  return value < 0 ? "-" + digits : digits;
}

/** The integer part of a number by name; 0 where there is none. */
export function integerMember(json: string, name: string): i64 {
  let value: i64 = 0;
  for (let i = startOf(json, name); i < json.length; i++) {
    const digit = json.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

/** A text by name; empty where there is none. */
export function textMember(json: string, name: string): string {
  let from = startOf(json, name) + 1;
  let text = "";
  for (let i = from; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit == QUOTE) return text + json.substring(from, i);
    if (unit != BACKSLASH) continue;
    text += json.substring(from, i);
    const letter = json.charAt(++i);
    if (letter == "u") {
      text += String.fromCharCode(hexadecimal(json.substring(i + 1, i + 5)));
      i += 4;
    } else text += unescape(letter);
    from = i + 1;
  }
  return text;
}

function hexadecimal(digits: string): i32 {
  let value = 0;
  for (let i = 0; i < digits.length; i++) value = value << 4 | HEX.indexOf(digits.charAt(i));
  return value;
}

/**
 * Where the value of a member starts. Quotes within a text are escaped in JSON as it is serialised,
 * so `"name":` stands nowhere else.
 */
function startOf(json: string, name: string): i32 {
  const label = '"' + name + '":';
  const at = json.indexOf(label);
  return at < 0 ? json.length : at + label.length;
}

function unescape(letter: string): string {
  if (letter == "n") return "\n";
  if (letter == "r") return "\r";
  if (letter == "t") return "\t";
  if (letter == "b") return "\b";
  if (letter == "f") return "\f";
  return letter;
}
