//! JSON as Python reads it: what it accepts, and where and how it says what is wrong.
//!
//! `serde_json` would do for a service of one's own. This one answers in place of a FastAPI
//! service, whose clients see the position and the message of a syntax error, integers of any
//! length, and NaN: Python's `json` module accepts `NaN` and `Infinity`, and of two equal keys
//! the last counts.

use indexmap::IndexMap;

use super::text::HALF;

/// Lists and objects within one another. Python gives up where its own calls nest too deeply,
/// between 950 and 970 under FastAPI 0.165.
const DEPTH: usize = 960;
/// Digits of the longest integer that Python reads.
const DIGITS: usize = 4300;

/// What CPython says of an escape without its four digits. The four letters are its own and stand
/// for them: they are part of the answer, not something to be filled in.
const INVALID_ESCAPE: &str = "Invalid \\uXXXX escape";

/// A value of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// Decimal digits with a minus sign where it is negative, without leading zeros.
    Integer(String),
    /// May be NaN or infinite.
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Object(IndexMap<String, Value>),
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonError {
    /// Not JSON.
    Syntax {
        /// In characters from the start.
        position: usize,
        /// CPython's words.
        message: &'static str,
    },
    /// JSON that Python does not take: too deep, or an integer of too many digits.
    Excessive,
}

impl Value {
    /// Reads the one value a text holds.
    ///
    /// # Errors
    /// [`JsonError`] as CPython 3.11 would have it.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let mut reader = Reader { text, at: 0 };
        reader.skip_blanks();
        let value = reader.value(0)?;
        reader.skip_blanks();
        if reader.at < text.len() {
            return Err(reader.error(reader.at, "Extra data"));
        }
        Ok(value)
    }

    /// Appends the value as JSON. A number that is not finite becomes null.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Integer(digits) => out.push_str(digits),
            Self::Float(value) => out.push_str(&serde_json::json!(value).to_string()),
            Self::Text(text) => write_text(text, out),
            Self::List(values) => {
                out.push('[');
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// Appends a text as a JSON string.
pub(super) fn write_text(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

struct Reader<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
}

impl Reader<'_> {
    fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    /// Steps over a byte if it is this one.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Steps over digits; how many there were.
    fn skip_digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    /// Positions are counted in characters, only when one is told.
    fn error(&self, at: usize, message: &'static str) -> JsonError {
        let position = self.text[..at].chars().count();
        JsonError::Syntax { position, message }
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        let words = [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        match self.peek() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'{') if depth < DEPTH => self.object(depth + 1),
            Some(b'[') if depth < DEPTH => self.list(depth + 1),
            Some(b'{' | b'[') => Err(JsonError::Excessive),
            _ => {
                for (word, value) in words {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                self.number()
            }
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.take(b'-');
        // A zero stands alone: what follows it is not part of the number.
        if !self.take(b'0') && self.skip_digits() == 0 {
            return Err(self.error(start, "Expecting value"));
        }
        let whole = self.at;
        if self.take(b'.') && self.skip_digits() == 0 {
            self.at = whole;
        }
        let mantissa = self.at;
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            if self.skip_digits() == 0 {
                self.at = mantissa;
            }
        }
        let literal = &self.text[start..self.at];
        if self.at > whole {
            // Every literal of this form is one of Rust's; one too large becomes infinite.
            return Ok(Value::Float(literal.parse().unwrap_or(f64::NAN)));
        }
        match literal {
            _ if literal.trim_start_matches('-').len() > DIGITS => Err(JsonError::Excessive),
            "-0" => Ok(Value::Integer("0".into())),
            _ => Ok(Value::Integer(literal.into())),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut values = Vec::new();
        self.skip_blanks();
        if self.take(b']') {
            return Ok(Value::List(values));
        }
        loop {
            values.push(self.value(depth)?);
            self.skip_blanks();
            if self.take(b']') {
                return Ok(Value::List(values));
            }
            if !self.take(b',') {
                return Err(self.error(self.at, "Expecting ',' delimiter"));
            }
            self.skip_blanks();
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut entries = IndexMap::new();
        self.skip_blanks();
        if self.take(b'}') {
            return Ok(Value::Object(entries));
        }
        loop {
            if self.peek() != Some(b'"') {
                let message = "Expecting property name enclosed in double quotes";
                return Err(self.error(self.at, message));
            }
            let key = self.string()?;
            self.skip_blanks();
            if !self.take(b':') {
                return Err(self.error(self.at, "Expecting ':' delimiter"));
            }
            self.skip_blanks();
            entries.insert(key, self.value(depth)?);
            self.skip_blanks();
            if self.take(b'}') {
                return Ok(Value::Object(entries));
            }
            if !self.take(b',') {
                return Err(self.error(self.at, "Expecting ',' delimiter"));
            }
            self.skip_blanks();
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let quote = self.at;
        self.at += 1;
        let mut string = String::new();
        loop {
            let plain = self.bytes()[self.at..]
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            let end = plain.map_or(self.text.len(), |length| self.at + length);
            string.push_str(&self.text[self.at..end]);
            self.at = end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape(quote)?),
                Some(_) => return Err(self.error(end, "Invalid control character at")),
                None => return Err(self.error(quote, "Unterminated string starting at")),
            }
        }
    }

    /// The character that a backslash stands for, with the rest of its pair where it is half.
    fn escape(&mut self, quote: usize) -> Result<char, JsonError> {
        let backslash = self.at;
        self.at += 2;
        Ok(match self.bytes().get(backslash + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.four_digits()?;
                let pair_follows = (0xd800..0xdc00).contains(&first)
                    && self.at + 6 < self.text.len()
                    && self.bytes()[self.at..].starts_with(b"\\u");
                if !pair_follows {
                    return Ok(char::from_u32(first).unwrap_or(HALF));
                }
                let after_first = self.at;
                self.at += 2;
                match self.four_digits()? {
                    second @ 0xdc00..0xe000 => {
                        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                        char::from_u32(code).unwrap_or(HALF)
                    }
                    _ => {
                        self.at = after_first;
                        HALF
                    }
                }
            }
            Some(_) => return Err(self.error(backslash, "Invalid \\escape")),
            None => return Err(self.error(quote, "Unterminated string starting at")),
        })
    }

    /// The number behind `\u`. CPython wants at least the closing quote behind the digits.
    fn four_digits(&mut self) -> Result<u32, JsonError> {
        let digits = self.bytes().get(self.at..self.at + 4);
        let hexadecimal = digits.filter(|_| self.at + 4 < self.text.len());
        let code = hexadecimal.and_then(|digits| {
            let digit = |code: u32, byte: &u8| Some(code * 16 + char::from(*byte).to_digit(16)?);
            digits.iter().try_fold(0, digit)
        });
        let invalid = self.error(self.at - 1, INVALID_ESCAPE);
        self.at += 4;
        code.ok_or(invalid)
    }
}

#[cfg(test)]
mod tests;
