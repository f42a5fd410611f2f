//! A request for a forecast: what FastAPI and pydantic make of a body, word for word.

use super::coerce::{self, Refusal};
use super::json::{JsonError, Value, write_text};
use super::text;
use crate::forecast::{Horizon, Probability};

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastRequest {
    pub horizon: Horizon,
    pub interval: Probability,
}

/// Why a body is no request.
#[derive(Debug, PartialEq)]
pub enum BodyError {
    /// Bytes that are no text, or JSON beyond what Python reads.
    Unreadable,
    /// Everything that is wrong with it.
    Invalid(Vec<Fault>),
}

/// One thing that is wrong with a body.
#[derive(Debug, PartialEq)]
pub struct Fault {
    /// pydantic's name of it, one of a fixed set.
    pub kind: &'static str,
    /// A field of the body, or a position in its text; `None` for the body as a whole.
    place: Option<Place>,
    message: &'static str,
    input: Value,
    /// The bound that was passed or the syntax error: a name and JSON.
    context: Option<(&'static str, &'static str)>,
}

#[derive(Debug, PartialEq)]
enum Place {
    Field(&'static str),
    Position(usize),
}

impl ForecastRequest {
    /// Reads a request from the body of a POST and its content type.
    ///
    /// # Errors
    /// [`BodyError`], with every fault at once.
    pub fn read(body: &[u8], content_type: Option<&[u8]>) -> Result<Self, BodyError> {
        if body.is_empty() {
            return Err(whole("missing", "Field required", Value::Null));
        }
        // FastAPI hands a body of another type on as it is, which is no object then.
        let value = if content_type.is_some_and(is_json) {
            let text = text::decode(body).ok_or(BodyError::Unreadable)?;
            Value::parse(&text).map_err(BodyError::from)?
        } else {
            Value::Text(String::from_utf8_lossy(body).into_owned())
        };
        let Value::Object(fields) = &value else {
            let message = "Input should be a valid dictionary or object to extract fields from";
            return Err(whole("model_attributes_type", message, value));
        };
        let mut faults = Vec::new();
        let horizon = match fields.get("horizon") {
            Some(given) => horizon(given)
                .map_err(|objection| faults.push(Fault::of("horizon", given, objection)))
                .ok(),
            None => {
                let missing = Refusal {
                    kind: "missing",
                    message: "Field required",
                };
                faults.push(Fault::of("horizon", &value, missing.into()));
                None
            }
        };
        let interval = match fields.get("credible_interval") {
            Some(given) => interval(given)
                .map_err(|objection| faults.push(Fault::of("credible_interval", given, objection)))
                .ok(),
            None => Some(Probability::DEFAULT),
        };
        match (horizon, interval) {
            (Some(horizon), Some(interval)) => Ok(Self { horizon, interval }),
            _ => Err(BodyError::Invalid(faults)),
        }
    }
}

impl BodyError {
    /// The body of the answer.
    pub fn to_json(&self) -> String {
        match self {
            Self::Unreadable => r#"{"detail":"There was an error parsing the body"}"#.into(),
            Self::Invalid(faults) => {
                let mut out = String::from(r#"{"detail":["#);
                for (i, fault) in faults.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    fault.write(&mut out);
                }
                out.push_str("]}");
                out
            }
        }
    }
}

impl From<JsonError> for BodyError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Excessive => Self::Unreadable,
            JsonError::Syntax { position, message } => Self::Invalid(vec![Fault {
                kind: "json_invalid",
                place: Some(Place::Position(position)),
                message: "JSON decode error",
                input: Value::Object(Default::default()),
                context: Some(("error", message)),
            }]),
        }
    }
}

impl Fault {
    /// Of a field, with what was given for it.
    fn of(field: &'static str, given: &Value, objection: Objection) -> Self {
        Self {
            kind: objection.refusal.kind,
            place: Some(Place::Field(field)),
            message: objection.refusal.message,
            input: given.clone(),
            context: objection.bound,
        }
    }

    fn write(&self, out: &mut String) {
        out.push_str(r#"{"type":"#);
        write_text(self.kind, out);
        out.push_str(r#","loc":["body""#);
        match self.place {
            Some(Place::Field(name)) => {
                out.push(',');
                write_text(name, out);
            }
            Some(Place::Position(position)) => *out += &format!(",{position}"),
            None => {}
        }
        out.push_str(r#"],"msg":"#);
        write_text(self.message, out);
        out.push_str(r#","input":"#);
        self.input.write(out);
        if let Some((name, value)) = self.context {
            out.push_str(r#","ctx":{"#);
            write_text(name, out);
            out.push(':');
            match self.kind {
                "json_invalid" => write_text(value, out),
                _ => out.push_str(value),
            }
            out.push('}');
        }
        out.push('}');
    }
}

fn whole(kind: &'static str, message: &'static str, input: Value) -> BodyError {
    BodyError::Invalid(vec![Fault {
        kind,
        place: None,
        message,
        input,
        context: None,
    }])
}

/// Why a field's value is refused, with the bound it passed: a name and JSON.
struct Objection {
    refusal: Refusal,
    bound: Option<(&'static str, &'static str)>,
}

impl From<Refusal> for Objection {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            bound: None,
        }
    }
}

const fn beyond(
    kind: &'static str,
    message: &'static str,
    bound: (&'static str, &'static str),
) -> Objection {
    Objection {
        refusal: Refusal { kind, message },
        bound: Some(bound),
    }
}

fn horizon(value: &Value) -> Result<Horizon, Objection> {
    let steps = coerce::integer(value)?;
    if steps > i64::from(Horizon::USUAL_MAX) {
        let message = "Input should be less than or equal to 365";
        return Err(beyond("less_than_equal", message, ("le", "365")));
    }
    let steps = u32::try_from(steps).ok().and_then(Horizon::new);
    let message = "Input should be greater than 0";
    steps.ok_or(beyond("greater_than", message, ("gt", "0")))
}

fn interval(value: &Value) -> Result<Probability, Objection> {
    let p = coerce::number(value)?;
    // The upper bound is looked at first, and NaN is below none.
    let objection = if p <= 0.0 {
        beyond(
            "greater_than",
            "Input should be greater than 0",
            ("gt", "0.0"),
        )
    } else {
        beyond("less_than", "Input should be less than 1", ("lt", "1.0"))
    };
    Probability::new(p).ok_or(objection)
}

/// Whether a content type means JSON, by the reading of Python's `email.message`:
/// `application/json` or `application/…+json`, whatever the case and the parameters.
fn is_json(content_type: &[u8]) -> bool {
    let content_type = String::from_utf8_lossy(content_type).to_ascii_lowercase();
    let name = content_type.split(';').next().unwrap_or_default().trim();
    match name.split_once('/') {
        Some(("application", kind)) => {
            !kind.contains('/') && (kind == "json" || kind.ends_with("+json"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Result<ForecastRequest, BodyError> {
        ForecastRequest::read(body.as_bytes(), Some(b"application/json"))
    }

    /// What the answer says is wrong.
    fn kinds(body: &str) -> Vec<&'static str> {
        match read(body) {
            Err(BodyError::Invalid(faults)) => faults.iter().map(|fault| fault.kind).collect(),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        assert_eq!(
            kinds(r#"{"horizon":0,"credible_interval":1}"#),
            ["greater_than", "less_than"]
        );
        assert_eq!(
            kinds(r#"{"credible_interval":"x"}"#),
            ["missing", "float_parsing"]
        );
        assert_eq!(
            kinds(r#"{"horizon":366,"credible_interval":null}"#),
            ["less_than_equal", "float_type"]
        );
    }

    #[test]
    fn what_fastapi_fails_at_is_told_like_any_other_fault() {
        assert_eq!(kinds(r#"{"horizon":NaN}"#), ["finite_number"]);
        assert_eq!(kinds(r#"{"horizon":1e400}"#), ["finite_number"]);
        assert_eq!(kinds(r#"{"horizon":"\ud800"}"#), ["int_parsing"]);
        assert_eq!(
            kinds(r#"{"horizon":2,"credible_interval":NaN}"#),
            ["less_than"]
        );
        let told = read(r#"{"horizon":NaN}"#).expect_err("no number").to_json();
        assert!(told.contains(r#""input":null"#), "{told}");
    }

    #[test]
    fn content_types_of_json() {
        for json in [
            "application/json",
            "APPLICATION/Json ; charset=x",
            "application/hal+json",
        ] {
            assert!(is_json(json.as_bytes()), "{json}");
        }
        for other in [
            "",
            "json",
            "text/json",
            "application/json/x",
            "application/jsonx",
            "a/b+json",
        ] {
            assert!(!is_json(other.as_bytes()), "{other}");
        }
    }

    proptest! {
        /// Whatever comes, the answer is JSON, and what is accepted is within bounds.
        #[test]
        fn any_body_has_an_answer(body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..64),
            r#"[{}\[\]":,\\0-9eE.+\-_ a-z]{0,40}"#.prop_map(String::into_bytes),
            r#"\{"horizon":"?[-+0-9_.eE ]{1,8}"?,"credible_interval":[-+0-9.eE]{1,8}\}"#.prop_map(String::into_bytes),
        ]) {
            match ForecastRequest::read(&body, Some(b"application/json")) {
                Ok(request) => prop_assert!((1..=365).contains(&request.horizon.steps())),
                Err(error) => {
                    let told: serde_json::Value = serde_json::from_str(&error.to_json()).expect("JSON");
                    prop_assert!(!told["detail"].is_null());
                }
            }
        }
    }
}
