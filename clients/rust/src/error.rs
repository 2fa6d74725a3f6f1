//! What goes wrong between a caller and the daemon.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use tonic::{Code, Status, TimeoutExpired};
use tonic_types::StatusExt;

/// What every fallible call of this crate answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Arc<dyn std::error::Error + Send + Sync>;

/// The daemon refused, or could not be asked.
///
/// It is one pointer wide, and displays its [`message`](Error::message).
#[derive(Clone)]
pub struct Error(Box<Refusal>);

#[derive(Clone)]
struct Refusal {
    code: Code,
    reason: String,
    message: String,
    fields: BTreeMap<String, String>,
    retry_after: Option<Duration>,
    facts: BTreeMap<String, String>,
    source: Option<Source>,
}

impl Error {
    /// The daemon does not answer: it is not running, or the way to it is broken.
    pub const CANNOT_REACH: &str = "CANNOT_REACH";
    /// The file became shorter while it was sent.
    pub const FILE_CHANGED: &str = "FILE_CHANGED";
    /// The file, or the sound that was played, cannot be read; the source is the [`std::io::Error`].
    pub const UNREADABLE: &str = "UNREADABLE";
    /// The server, its certificate or the credential is not written as it should be.
    pub const UNUSABLE: &str = "UNUSABLE";

    pub(crate) fn new(code: Code, reason: &str, message: impl Into<String>) -> Self {
        Self(Box::new(Refusal {
            code,
            reason: reason.to_owned(),
            message: message.into(),
            fields: BTreeMap::new(),
            retry_after: None,
            facts: BTreeMap::new(),
            source: None,
        }))
    }

    pub(crate) fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    pub(crate) fn unreadable(what: &str, source: std::io::Error) -> Self {
        let message = format!("{what} cannot be read: {source}.");
        Self::new(Code::InvalidArgument, Self::UNREADABLE, message).because(source)
    }

    pub(crate) fn unusable(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, Self::UNUSABLE, message)
    }

    /// An answer without what it has to have.
    pub(crate) fn incomplete(what: &str) -> Self {
        Self::new(Code::Internal, "INTERNAL", format!("The daemon answered without {what}."))
    }

    pub(crate) fn broken(message: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, code_name(Code::Unavailable), message)
    }

    pub(crate) fn too_late(limit: Duration) -> Self {
        let message = format!("There was no answer in {} s.", limit.as_secs());
        Self::new(Code::DeadlineExceeded, code_name(Code::DeadlineExceeded), message)
    }

    /// The gRPC status.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The gRPC status by its name in the gRPC specification, such as `"NOT_FOUND"`.
    pub fn code_name(&self) -> &'static str {
        code_name(self.0.code)
    }

    /// Stable, for programs: `"AUDIO_NOT_FOUND"`, or one of the constants of this type; the name of the code where
    /// nothing more is known.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// A sentence for people.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What is wrong with the request, by the name of its field.
    pub fn fields(&self) -> &BTreeMap<String, String> {
        &self.0.fields
    }

    /// After how long it may be tried again, where the daemon said so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// More for programs, such as the limit that was reached.
    pub fn facts(&self) -> &BTreeMap<String, String> {
        &self.0.facts
    }
}

impl From<Status> for Error {
    /// Reads the `google.rpc` details of a status: `ErrorInfo`, `BadRequest` and `RetryInfo`.
    fn from(status: Status) -> Self {
        if std::error::Error::source(&status).is_some() {
            return broken_off(status);
        }
        let details = status.get_error_details();
        let name = code_name(status.code());
        let info = details.error_info();
        let reason = info.map_or("", |info| &info.reason);
        let message = match status.message() {
            "" => format!("The daemon answered {name}."),
            said => said.to_owned(),
        };
        let mut error = Self::new(status.code(), if reason.is_empty() { name } else { reason }, message);
        let violations = details.bad_request().into_iter().flat_map(|wrong| &wrong.field_violations);
        error.0.fields = violations.map(|one| (one.field.clone(), one.description.clone())).collect();
        error.0.retry_after = details.retry_info().and_then(|retry| retry.retry_delay);
        error.0.facts = info.into_iter().flat_map(|info| info.metadata.clone()).collect();
        error
    }
}

/// A status that has a source was made on this side, and its code says little: the way to the daemon broke.
fn broken_off(status: Status) -> Error {
    let mut why = std::error::Error::source(&status);
    let mut message = status.message().to_owned();
    while let Some(cause) = why {
        if cause.is::<TimeoutExpired>() {
            let name = code_name(Code::DeadlineExceeded);
            return Error::new(Code::DeadlineExceeded, name, "There was no answer in time.");
        }
        message = cause.to_string(); // the deepest says most
        why = cause.source();
    }
    Error::broken(message).because(status)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code_name(), self.0.reason, self.0.message)?;
        for (field, wrong) in &self.0.fields {
            write!(f, " [{field}: {wrong}]")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
