//! How often something is tried again, and after how long.

use std::{sync::Arc, time::Duration};

use crate::credential::Proof;

const DELAYS_MILLIS: [u64; 5] = [500, 1_000, 2_000, 4_000, 8_000]; // before each new try
const JITTER: f64 = 0.2; // of a delay, more at most: so that many clients do not come back at once

/// What is waited before each new try.
pub(crate) fn usual_delays() -> Arc<[Duration]> {
    DELAYS_MILLIS.map(Duration::from_millis).into()
}

/// The tries that one request still has.
pub(crate) struct Tries {
    delays: Arc<[Duration]>,
    /// How many new tries there have been since the last progress.
    pub used: usize,
    /// Whether the credential was renewed since then.
    pub renewed: bool,
    /// What was shown with the last try.
    pub shown: Option<Proof>,
}

impl Tries {
    pub fn new(delays: Arc<[Duration]>) -> Self {
        Self { delays, used: 0, renewed: false, shown: None }
    }

    /// Uses up a try and waits before it, for its own delay or as told; false if none is left.
    pub async fn wait(&mut self, told: Option<Duration>) -> bool {
        let Some(own) = self.delays.get(self.used) else { return false };
        self.used += 1;
        tokio::time::sleep(told.unwrap_or(*own).mul_f64(1.0 + JITTER * fastrand::f64())).await;
        true
    }

    /// Gives all tries back: there was progress.
    pub fn renew(&mut self) {
        self.used = 0;
        self.renewed = false;
    }
}
