//! The report of `fanchart check` for programs to read.

use serde_json::{Value, json};

use super::verdict::{CheckReport, Status, Verdict};

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

impl CheckReport {
    /// Full precision; null for what is absent, undefined or infinite.
    pub fn to_json(&self) -> Value {
        let checks = self.checks.iter().map(|check| {
            json!({
                "name": check.name,
                "status": check.status.name(),
                // A number that is not finite becomes null.
                "value": check.value,
                "threshold": check.threshold,
                "parameter": check.parameter,
                "message": check.message,
                "advice": check.advice,
            })
        });
        json!({
            "verdict": self.verdict.name(),
            "checks": checks.collect::<Vec<_>>(),
        })
    }

    /// A header, then a line a check at full precision; empty where JSON has null.
    pub fn to_csv(&self) -> String {
        let figure = |value: Option<f64>| {
            let finite = value.filter(|value| value.is_finite());
            finite.map_or(String::new(), |value| value.to_string())
        };
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = [
            "name",
            "status",
            "value",
            "threshold",
            "parameter",
            "message",
            "advice",
        ];
        let mut records = vec![header.map(str::to_owned)];
        records.extend(self.checks.iter().map(|check| {
            [
                check.name.to_owned(),
                check.status.name().to_owned(),
                figure(check.value),
                figure(check.threshold),
                check.parameter.clone().unwrap_or_default(),
                check.message.clone(),
                check.advice.clone(),
            ]
        }));
        for record in records {
            writer
                .write_record(record)
                .expect("memory takes rows of one length");
        }
        let bytes = writer.into_inner().expect("memory takes all");
        String::from_utf8(bytes).expect("made of text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Check;

    #[test]
    fn an_infinite_value_is_null_in_json_and_empty_in_csv() {
        let check = Check::new(
            "r_hat",
            Status::Fail,
            "apart",
            "The chains are \"apart\", far.",
        )
        .measured(f64::INFINITY, 1.01)
        .about("mu");
        let report = CheckReport {
            verdict: Verdict::Fail,
            checks: vec![check],
            summaries: Vec::new(),
            divergences: None,
            apart: Vec::new(),
            chains: 2,
            draws: 100,
        };
        let json = report.to_json();
        assert_eq!(json["checks"][0]["value"], Value::Null);
        assert_eq!(json["checks"][0]["threshold"], 1.01);
        assert_eq!(
            report.to_csv(),
            "name,status,value,threshold,parameter,message,advice\n\
             r_hat,fail,,1.01,mu,\"The chains are \"\"apart\"\", far.\",\n"
        );
    }
}
