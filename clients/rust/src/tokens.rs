//! The tokens of a session.

use std::time::{Duration, SystemTime};

use crate::{Error, Result, v1};

const EARLY: f64 = 0.8; // of an access token's life, after which it is renewed

/// An access token, and the refresh token that is good for one new pair.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub access: String,
    pub refresh: String,
    pub obtained_at: SystemTime, // by this machine's clock
    pub expires_at: SystemTime,  // of the access token, by the daemon's clock
}

impl Tokens {
    /// The tokens of a message, obtained now.
    pub fn read(message: Option<v1::Tokens>) -> Result<Self> {
        let message = message.ok_or_else(|| Error::incomplete("tokens"))?;
        let expires_at = message.access_expires_at.and_then(|at| at.try_into().ok());
        Ok(Self {
            access: message.access_token,
            refresh: message.refresh_token,
            obtained_at: SystemTime::now(),
            expires_at: expires_at.ok_or_else(|| Error::incomplete("the end of a token"))?,
        })
    }

    /// Whether the access token should be renewed before it is used.
    ///
    /// Never where it seems to have ended before it was obtained: then one of the clocks is wrong, and only the
    /// daemon's refusal tells.
    pub fn due(&self, now: SystemTime) -> bool {
        let life = self.expires_at.duration_since(self.obtained_at).unwrap_or(Duration::ZERO);
        !life.is_zero() && now >= self.obtained_at + life.mul_f64(EARLY)
    }
}
