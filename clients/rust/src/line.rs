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
