//! Signing in and out.

use std::sync::Arc;

use futures_util::FutureExt;

use crate::{
    Client, Result, Session,
    credential::Credential,
    line::Line,
    tokens::Tokens,
    v1::{self, auth_service_client::AuthServiceClient, login_request::Credential as Login},
};

impl Client {
    /// The same client, signed in by password. Its tokens are renewed in time.
    pub async fn sign_in(&self, email: impl Into<String>, password: impl Into<String>) -> Result<Self> {
        let credential = v1::PasswordCredential { email: email.into(), password: password.into() };
        self.log_in(Login::Password(credential)).await
    }

    /// The same client, signed in by the code that the daemon printed at its first start.
    pub async fn sign_in_by_code(&self, code: impl Into<String>) -> Result<Self> {
        self.log_in(Login::OneTimeCode(code.into())).await
    }

    /// Who is calling, and what the credential may do.
    pub async fn me(&self) -> Result<v1::GetMeResponse> {
        let ask = async |channel, request| AuthServiceClient::new(channel).get_me(request).await;
        self.line.call(v1::GetMeRequest {}, ask).await
    }

    /// Ends the session of this client and its clones.
    pub async fn log_out(&self) -> Result<()> {
        let ask = async |channel, request| AuthServiceClient::new(channel).logout(request).await;
        self.line.call(v1::LogoutRequest { everywhere: false }, ask).await.map(|_| ())
    }

    async fn log_in(&self, credential: Login) -> Result<Self> {
        let nobody = self.line.signed_by(Credential::Nobody);
        let request = v1::LoginRequest { credential: Some(credential) };
        let ask = async |channel, request| AuthServiceClient::new(channel).login(request).await;
        let tokens = Tokens::read(nobody.call(request, ask).await?.tokens)?;
        let refresh = move |token| {
            let line = nobody.clone();
            async move { refresh(&line, token).await }.boxed()
        };
        Ok(self.signed_by(Credential::Session(Arc::new(Session::new(tokens, Box::new(refresh))))))
    }
}

/// New tokens for a refresh token.
async fn refresh(line: &Line, refresh_token: String) -> Result<Tokens> {
    let ask = async |channel, request| AuthServiceClient::new(channel).refresh(request).await;
    Tokens::read(line.call(v1::RefreshRequest { refresh_token }, ask).await?.tokens)
}
