//! A client of a daemon.

use std::{fmt, future::Future};

use tonic::{Request, Response, Status, transport::Channel};
use uuid::Uuid;

use crate::{
    Result, Session,
    channel::open_channel,
    credential::{Credential, Proof},
    line::Line,
};

/// Asks a daemon. A clone is cheap and shares its connection and its session.
///
/// Calls have 30 s each. Where the daemon cannot be reached they are made again after 0.5, 1, 2, 4 and 8 s, with the
/// same request id, so that nothing is done twice; then the reason is
/// [`Error::CANNOT_REACH`](crate::Error::CANNOT_REACH).
#[derive(Clone)]
pub struct Client {
    pub(crate) line: Line,
}

impl Client {
    /// A client of `host:port`, in plain text, or of `https://host:port`, by TLS and the system's certificates. It
    /// connects at the first call, and has to be made inside a Tokio runtime.
    ///
    /// # Errors
    /// [`Error::UNUSABLE`](crate::Error::UNUSABLE) where that is no address.
    pub fn new(server: &str) -> Result<Self> {
        Ok(Self { line: Line::new(server, open_channel(server, None)?) })
    }

    /// As [`new`](Self::new), but trusting these certificates alone, in PEM.
    ///
    /// # Errors
    /// [`Error::UNUSABLE`](crate::Error::UNUSABLE) where that is no address, or there is no certificate.
    pub fn with_certificates(server: &str, pem: &[u8]) -> Result<Self> {
        Ok(Self { line: Line::new(server, open_channel(server, Some(pem))?) })
    }

    /// The same client, with an API key.
    #[must_use]
    pub fn with_api_key(&self, secret: impl Into<String>) -> Self {
        self.signed_by(Credential::Fixed(Proof::ApiKey(secret.into())))
    }

    /// The same client, with an access token that somebody else renews.
    #[must_use]
    pub fn with_access_token(&self, token: impl Into<String>) -> Self {
        self.signed_by(Credential::Fixed(Proof::Bearer(token.into())))
    }

    /// The session of a client that has signed in.
    pub fn session(&self) -> Option<&Session> {
        match &self.line.credential {
            Credential::Session(session) => Some(session),
            _ => None,
        }
    }

    /// The answer to any other request of the `.proto` files that answers with one message: signed, in 30 s, and asked
    /// for again after a break.
    ///
    /// ```no_run
    /// # use samplemind_client::{Client, Result, v1::{self, audio_service_client::AudioServiceClient}};
    /// # async fn rename(client: Client, audio_id: String) -> Result<()> {
    /// let request = v1::AudioServiceUpdateRequest {
    ///     request_id: samplemind_client::request_id(),
    ///     audio_id,
    ///     name: "kick.wav".into(),
    /// };
    /// let ask = async |channel, request| AudioServiceClient::new(channel).update(request).await;
    /// let renamed = client.call(request, ask).await?.audio;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn call<Q, A, F>(&self, request: Q, ask: impl Fn(Channel, Request<Q>) -> F) -> Result<A>
    where
        Q: Clone,
        F: Future<Output = Result<Response<A>, Status>>,
    {
        self.line.call(request, ask).await
    }

    pub(crate) fn signed_by(&self, credential: Credential) -> Self {
        Self { line: self.line.signed_by(credential) }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("server", &self.line.server).finish_non_exhaustive()
    }
}

/// A new id for a request that changes something; its retries keep it.
pub fn request_id() -> String {
    Uuid::new_v4().to_string()
}
