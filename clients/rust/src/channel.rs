//! The channel below a line.

use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

use crate::{Error, Result};

const KEEPALIVE: Duration = Duration::from_secs(30); // finds a peer that vanished without a word
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TLS: &str = "https://";

/// A channel to `host:port`, or to `https://host:port` by TLS; connected at first use.
///
/// The daemon's certificate is known by the system's, or by these in PEM. Messages may have up to 4 MiB: that is
/// tonic's own limit.
pub(crate) fn open_channel(server: &str, certificates: Option<&[u8]>) -> Result<Channel> {
    let wrong =
        |error| Error::unusable(format!("{server:?} is no host:port or https://host:port.")).because(error);
    let secure = server.starts_with(TLS);
    let address = if secure { server.to_owned() } else { format!("http://{server}") };
    let endpoint = Endpoint::from_shared(address)
        .map_err(wrong)?
        .connect_timeout(CONNECT_TIMEOUT)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE_TIMEOUT);
    let endpoint = if secure { trusting(endpoint, certificates)? } else { endpoint };
    Ok(endpoint.connect_lazy())
}

#[cfg(feature = "tls")]
fn trusting(endpoint: Endpoint, certificates: Option<&[u8]>) -> Result<Endpoint> {
    use tonic::transport::{Certificate, ClientTlsConfig};

    const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----";
    let begins = |pem: &[u8]| pem.windows(PEM.len()).any(|part| part == PEM);
    let tls = match certificates {
        Some(pem) if !begins(pem) => return Err(Error::unusable("There is no certificate in this PEM.")),
        Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        None => ClientTlsConfig::new().with_native_roots(),
    };
    endpoint
        .tls_config(tls)
        .map_err(|error| Error::unusable("The certificates cannot be used.").because(error))
}

#[cfg(not(feature = "tls"))]
fn trusting(_: Endpoint, _: Option<&[u8]>) -> Result<Endpoint> {
    Err(Error::unusable("This program was built without TLS: build it with the feature \"tls\"."))
}
