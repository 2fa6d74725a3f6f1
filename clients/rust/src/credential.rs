//! How a caller shows who it is.

use std::sync::Arc;

use tonic::metadata::{Ascii, MetadataMap, MetadataValue};

use crate::{Error, Result, session::Session};

/// What is sent along with a request.
#[derive(Clone)]
pub(crate) enum Proof {
    ApiKey(String),
    Bearer(String),
}

impl Proof {
    /// Puts it into the metadata of a request, where it is kept out of debug output.
    pub fn add_to(&self, metadata: &mut MetadataMap) -> Result<()> {
        let (key, text) = match self {
            Self::ApiKey(secret) => ("x-api-key", secret.clone()),
            Self::Bearer(token) => ("authorization", format!("Bearer {token}")),
        };
        let wrong = |_| Error::unusable("A key or token is of visible ASCII characters; this one is not.");
        let mut value: MetadataValue<Ascii> = text.parse().map_err(wrong)?;
        value.set_sensitive(true);
        metadata.insert(key, value);
        Ok(())
    }
}

/// Something to show with each call.
#[derive(Clone)]
pub(crate) enum Credential {
    /// Enough for a few calls only.
    Nobody,
    /// An API key, or an access token that somebody else renews.
    Fixed(Proof),
    /// Tokens that are renewed.
    Session(Arc<Session>),
}

impl Credential {
    /// What to send along; tokens are renewed first where it is time.
    pub async fn show(&self) -> Result<Option<Proof>> {
        match self {
            Self::Nobody => Ok(None),
            Self::Fixed(proof) => Ok(Some(proof.clone())),
            Self::Session(session) => Ok(Some(Proof::Bearer(session.fresh_token().await?))),
        }
    }

    /// Replaces what the daemon refused; false where there is nothing to replace it with.
    pub async fn renew(&self, refused: &Proof) -> Result<bool> {
        match (self, refused) {
            (Self::Session(session), Proof::Bearer(token)) => session.replace(token).await.map(|()| true),
            _ => Ok(false),
        }
    }
}
