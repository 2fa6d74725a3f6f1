//! The way to a daemon: calls that are signed, tried again after breaks, and refused with an [`Error`].

use std::{future::Future, sync::Arc, time::Duration};

use tonic::{Code, Request, Response, Status, transport::Channel};

use crate::{
    Error, Result,
    credential::Credential,
    tries::{Tries, usual_delays},
};

pub(crate) const DEADLINE: Duration = Duration::from_secs(30); // of a call
const SHORT_WAIT: Duration = Duration::from_secs(5); // a longer one is the caller's to decide

/// One connection to a daemon, and who asks.
#[derive(Clone)]
pub(crate) struct Line {
    pub server: Arc<str>,
    pub channel: Channel,
    pub credential: Credential,
    pub delays: Arc<[Duration]>,
}

impl Line {
    pub fn new(server: &str, channel: Channel) -> Self {
        Self { server: server.into(), channel, credential: Credential::Nobody, delays: usual_delays() }
    }

    /// The same connection, for somebody else.
    pub fn signed_by(&self, credential: Credential) -> Self {
        Self { credential, ..self.clone() }
    }

    /// The answer to a request, which is sent again unchanged after a break.
    pub async fn call<Q, A, F>(&self, message: Q, ask: impl Fn(Channel, Request<Q>) -> F) -> Result<A>
    where
        Q: Clone,
        F: Future<Output = Result<Response<A>, Status>>,
    {
        self.call_within(DEADLINE, message, ask).await
    }

    /// As `call`, with so much time for each try.
    pub async fn call_within<Q, A, F>(
        &self,
        limit: Duration,
        message: Q,
        ask: impl Fn(Channel, Request<Q>) -> F,
    ) -> Result<A>
    where
        Q: Clone,
        F: Future<Output = Result<Response<A>, Status>>,
    {
        let mut tries = self.tries();
        loop {
            match self.call_once(limit, message.clone(), &ask, &mut tries).await? {
                Ok(answer) => return Ok(answer),
                Err(error) => self.recover(error, &mut tries).await?,
            }
        }
    }

    /// The answer, or what [`recover`](Self::recover) may help against; the outer error is final.
    pub async fn call_once<Q, A, F>(
        &self,
        limit: Duration,
        message: Q,
        ask: impl Fn(Channel, Request<Q>) -> F,
        tries: &mut Tries,
    ) -> Result<Result<A>>
    where
        F: Future<Output = Result<Response<A>, Status>>,
    {
        let mut request = self.sign(message, tries).await?;
        request.set_timeout(limit); // the daemon should know; but also a proxy that never answers is to end
        let answer = tokio::time::timeout(limit, ask(self.channel.clone(), request)).await;
        Ok(match answer {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(status)) => Err(status.into()),
            Err(_) => Err(Error::too_late(limit)),
        })
    }

    /// The request with what the caller has to show.
    pub async fn sign<Q>(&self, message: Q, tries: &mut Tries) -> Result<Request<Q>> {
        let mut request = Request::new(message);
        tries.shown = self.credential.show().await?;
        if let Some(proof) = &tries.shown {
            proof.add_to(request.metadata_mut())?;
        }
        Ok(request)
    }

    /// Returns when it can be tried again; gives the error back where that will not help.
    pub async fn recover(&self, error: Error, tries: &mut Tries) -> Result<()> {
        match error.code() {
            Code::Unauthenticated => self.renew(error, tries).await,
            Code::Unavailable | Code::Cancelled => match tries.wait(None).await {
                true => Ok(()),
                false => Err(self.unreachable(error, tries)),
            },
            Code::ResourceExhausted => match error.retry_after() {
                Some(told) if told <= SHORT_WAIT && tries.wait(Some(told)).await => Ok(()),
                _ => Err(error),
            },
            _ => Err(error),
        }
    }

    /// Fresh tries for one request.
    pub fn tries(&self) -> Tries {
        Tries::new(Arc::clone(&self.delays))
    }

    async fn renew(&self, error: Error, tries: &mut Tries) -> Result<()> {
        match &tries.shown {
            Some(refused) if !std::mem::replace(&mut tries.renewed, true) => {
                if self.credential.renew(refused).await? { Ok(()) } else { Err(error) }
            }
            _ => Err(error),
        }
    }

    fn unreachable(&self, error: Error, tries: &Tries) -> Error {
        let message = format!(
            "The daemon at {} cannot be reached (tried {} times): is it running? {}",
            self.server,
            tries.used + 1,
            error.message()
        );
        Error::new(Code::Unavailable, Error::CANNOT_REACH, message).because(error)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tonic_types::{ErrorDetails, StatusExt};

    use super::*;
    use crate::{
        fake::{Seen, impatient},
        v1::{AudioServiceUpdateRequest, AudioServiceUpdateResponse},
    };

    /// The outcome of a renaming whose tries are answered with these statuses and then well, and the requests.
    async fn rename(
        statuses: &[Status],
    ) -> (Result<AudioServiceUpdateResponse>, Vec<AudioServiceUpdateRequest>) {
        let client = impatient("localhost:1"); // nobody is asked
        let (seen, request_id) = (Seen::default(), crate::request_id());
        let request = AudioServiceUpdateRequest { request_id, ..Default::default() };
        let ask = async |_, request: Request<_>| {
            let tries = seen.add(request.into_inner());
            match statuses.get(tries - 1) {
                Some(status) => Err(status.clone()),
                None => Ok(Response::new(AudioServiceUpdateResponse::default())),
            }
        };
        let answer = client.line.call(request, &ask).await;
        (answer, seen.all().clone())
    }

    #[tokio::test]
    async fn a_request_is_made_again_with_the_same_id() {
        let (answer, requests) = rename(&[Status::unavailable(""), Status::cancelled("")]).await;
        answer.unwrap();
        assert_eq!(requests.len(), 3);
        assert!(requests.iter().all(|request| *request == requests[0]));
    }

    #[tokio::test]
    async fn a_daemon_that_cannot_be_reached_is_given_up_after_five_more_tries() {
        let (answer, requests) = rename(&vec![Status::unavailable("broken"); 9]).await;
        let error = answer.unwrap_err();
        assert_eq!((error.code(), error.reason()), (Code::Unavailable, Error::CANNOT_REACH));
        assert_eq!(requests.len(), 6);
    }

    #[tokio::test]
    async fn a_limited_request_waits_as_told_unless_that_is_long() {
        let limited = |millis| {
            let wait = Some(Duration::from_millis(millis));
            Status::with_error_details(Code::ResourceExhausted, "", ErrorDetails::with_retry_info(wait))
        };
        let (answer, requests) = rename(&[limited(1)]).await;
        assert_eq!((answer.is_ok(), requests.len()), (true, 2));
        let (answer, requests) = rename(&[limited(5_001)]).await;
        let wait = answer.unwrap_err().retry_after();
        assert_eq!((wait, requests.len()), (Some(Duration::from_millis(5_001)), 1));
    }

    #[tokio::test]
    async fn a_refusal_is_read_with_all_that_the_daemon_says() {
        let mut details = ErrorDetails::with_bad_request_violation("name", "It is empty.");
        details.set_error_info("INVALID_NAME", "samplemind", HashMap::from([("most".into(), "255".into())]));
        let status = Status::with_error_details(Code::InvalidArgument, "No name.", details);
        let (answer, requests) = rename(&[status]).await;
        let error = answer.unwrap_err();
        assert_eq!((error.code_name(), error.reason()), ("INVALID_ARGUMENT", "INVALID_NAME"));
        assert_eq!((error.message(), requests.len()), ("No name.", 1));
        assert_eq!((&*error.fields()["name"], &*error.facts()["most"]), ("It is empty.", "255"));
    }
}
