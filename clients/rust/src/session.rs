//! A session whose tokens are renewed in time, by one request at once.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use crate::{Error, Result, tokens::Tokens};

/// Trades a refresh token for new tokens.
pub(crate) type Refresh = Box<dyn Fn(String) -> BoxFuture<'static, Result<Tokens>> + Send + Sync>;

/// A renewal under way, which any number of requests wait for.
type Flight = Shared<BoxFuture<'static, Result<()>>>;

/// What signing in has begun, for all clones of a client; [`log_out`](crate::Client::log_out) ends it.
pub struct Session {
    refresh: Refresh,
    state: Mutex<State>,
}

struct State {
    tokens: Tokens,
    renewals: u32,
    flight: Option<Flight>,
}

impl Session {
    pub(crate) fn new(tokens: Tokens, refresh: Refresh) -> Self {
        Self { refresh, state: Mutex::new(State { tokens, renewals: 0, flight: None }) }
    }

    /// The access token of now.
    pub fn access_token(&self) -> String {
        self.state().tokens.access.clone()
    }

    /// When that token ends, by the daemon's clock.
    pub fn expires_at(&self) -> SystemTime {
        self.state().tokens.expires_at
    }

    /// How often the tokens were renewed so far.
    pub fn renewals(&self) -> u32 {
        self.state().renewals
    }

    /// An access token that has a fifth of its life to go.
    pub(crate) async fn fresh_token(self: &Arc<Self>) -> Result<String> {
        let flight = {
            let mut state = self.state();
            state.tokens.due(SystemTime::now()).then(|| self.join(&mut state))
        };
        if let Some(flight) = flight {
            flight.await?;
        }
        Ok(self.access_token())
    }

    /// Renews the tokens, unless the refused access token was replaced already.
    pub(crate) async fn replace(self: &Arc<Self>, refused: &str) -> Result<()> {
        let flight = {
            let mut state = self.state();
            (state.tokens.access == refused).then(|| self.join(&mut state))
        };
        match flight {
            Some(flight) => flight.await,
            None => Ok(()),
        }
    }

    /// The renewal under way, or a new one: a task of its own, so that a caller that goes away does not stop it.
    fn join(self: &Arc<Self>, state: &mut State) -> Flight {
        let begin = || {
            let session = Arc::clone(self);
            let task = tokio::spawn(async move { session.renew().await });
            let lost = |_| Error::broken("The runtime ended while tokens were renewed.");
            task.map(move |ended| ended.map_err(lost).flatten()).boxed().shared()
        };
        state.flight.get_or_insert_with(begin).clone()
    }

    async fn renew(&self) -> Result<()> {
        let spent = self.state().tokens.refresh.clone();
        let renewed = (self.refresh)(spent).await;
        let mut state = self.state();
        state.flight = None;
        state.tokens = renewed?;
        state.renewals += 1;
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner) // each change to it is whole
    }
}

impl fmt::Debug for Session {
    /// Without the tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (expires_at, renewals) = (self.expires_at(), self.renewals());
        f.debug_struct("Session").field("expires_at", &expires_at).field("renewals", &renewals).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use tonic::Code;

    use super::*;
    use crate::fake::Seen;

    /// Tokens named by their number, with so many seconds to go of a life of ten.
    fn tokens(number: usize, left: u64) -> Tokens {
        let now = SystemTime::now();
        Tokens {
            access: format!("access {number}"),
            refresh: format!("refresh {number}"),
            obtained_at: now - Duration::from_secs(10 - left),
            expires_at: now + Duration::from_secs(left),
        }
    }

    /// A session that notes the refresh tokens that it spends, and the first of which has a second to go.
    fn session(spent: &Seen<String>) -> Arc<Session> {
        let spent = spent.clone();
        let refresh = move |token| {
            let number = spent.add(token) + 1;
            async move {
                tokio::task::yield_now().await;
                Ok(tokens(number, 10))
            }
            .boxed()
        };
        Arc::new(Session::new(tokens(1, 1), Box::new(refresh)))
    }

    #[tokio::test]
    async fn many_requests_at_once_share_one_renewal() {
        let spent = Seen::default();
        let session = session(&spent);
        let shown = join_all((0..100).map(|_| session.fresh_token())).await;
        assert!(shown.into_iter().all(|token| token.unwrap() == "access 2"));
        assert_eq!(*spent.all(), ["refresh 1"]);
        assert_eq!(session.renewals(), 1);
    }

    #[tokio::test]
    async fn a_token_that_was_replaced_already_is_not_renewed_again() {
        let spent = Seen::default();
        let session = session(&spent);
        for answer in join_all((0..100).map(|_| session.replace("access 1"))).await {
            answer.unwrap();
        }
        session.replace("access 1").await.unwrap();
        assert_eq!(*spent.all(), ["refresh 1"]);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_does_not_stop_a_renewal() {
        let spent = Seen::default();
        let session = session(&spent);
        assert!(session.fresh_token().now_or_never().is_none());
        assert_eq!(session.fresh_token().await.unwrap(), "access 2");
        assert_eq!(*spent.all(), ["refresh 1"]);
    }

    #[tokio::test]
    async fn a_renewal_that_failed_is_tried_anew_by_the_next_request() {
        let spent = Seen::<String>::default();
        let seen = spent.clone();
        let refresh = move |token| {
            let first = seen.add(token) == 1;
            let refused = || Error::new(Code::Unavailable, Error::CANNOT_REACH, "");
            async move { if first { Err(refused()) } else { Ok(tokens(2, 10)) } }.boxed()
        };
        let session = Arc::new(Session::new(tokens(1, 1), Box::new(refresh)));
        assert_eq!(session.fresh_token().await.unwrap_err().reason(), Error::CANNOT_REACH);
        assert_eq!(session.fresh_token().await.unwrap(), "access 2");
        assert_eq!(*spent.all(), ["refresh 1", "refresh 1"]);
    }
}
