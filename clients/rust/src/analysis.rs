//! Having sounds analysed, and looking up what was found.

use std::collections::HashSet;

use futures_util::{FutureExt, StreamExt, stream};

use crate::{
    Client, Error, Result, ResultStream,
    answers::Answers,
    client::request_id,
    v1::{self, analysis_service_client::AnalysisServiceClient, analyze_response::Update, value::Kind},
};

impl Client {
    /// What happens to a sound until it is done: it waits, is decoded, findings come, and last the result. It is asked
    /// for again after a break, and each finding is said once. Dropping the stream does not end the analysis.
    pub fn analyze(&self, audio_id: impl Into<String>) -> ResultStream<Update> {
        let request = v1::AnalyzeRequest { audio_id: audio_id.into(), request_id: request_id() };
        let ask = |channel, request| {
            async move { AnalysisServiceClient::new(channel).analyze(request).await }.boxed()
        };
        let hearing = Hearing {
            answers: Answers::new(&self.line, request, Box::new(ask)),
            found: HashSet::new(),
            furthest: 0.0,
            over: false,
        };
        let next = async |mut hearing: Hearing| Ok(hearing.next().await?.map(|update| (update, hearing)));
        stream::try_unfold(hearing, next).boxed()
    }

    /// All that is known of a sound.
    pub async fn analysis(&self, audio_id: impl Into<String>) -> Result<v1::Analysis> {
        let request = v1::GetAnalysisRequest { audio_id: audio_id.into() };
        let ask = async |channel, request| AnalysisServiceClient::new(channel).get_analysis(request).await;
        let answer = self.line.call(request, ask).await?;
        answer.analysis.ok_or_else(|| Error::incomplete("an analysis"))
    }
}

/// An analysis that is followed.
struct Hearing {
    answers: Answers<v1::AnalyzeRequest, v1::AnalyzeResponse>,
    found: HashSet<(String, String)>, // names and fingerprints
    furthest: f64,
    over: bool,
}

impl Hearing {
    async fn next(&mut self) -> Result<Option<Update>> {
        while !self.over {
            let Some(update) = self.answers.next().await?.update else { continue };
            self.over = matches!(update, Update::Result(_));
            if self.is_new(&update) {
                return Ok(Some(update));
            }
        }
        Ok(None)
    }

    /// Whether it was not said before the last break.
    fn is_new(&mut self, update: &Update) -> bool {
        match update {
            Update::Finding(one) => {
                let new = self.found.insert((one.name.clone(), one.fingerprint.clone()));
                if new {
                    self.answers.tries.renew();
                }
                new
            }
            Update::Decoding(now) => {
                if now.fraction() > self.furthest {
                    self.furthest = now.fraction();
                    self.answers.tries.renew();
                }
                true
            }
            _ => true,
        }
    }
}

impl v1::Analysis {
    /// The finding of this name, such as `"tempo.bpm"`.
    pub fn descriptor(&self, name: &str) -> Option<&v1::Descriptor> {
        self.descriptors.iter().find(|one| one.name == name)
    }
}

impl v1::Descriptor {
    /// Its value where that is a number, whole or not.
    pub fn number(&self) -> Option<f64> {
        match self.value.as_ref()?.kind.as_ref()? {
            Kind::Number(number) => Some(*number),
            Kind::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// Its value where that is a word.
    pub fn text(&self) -> Option<&str> {
        match self.value.as_ref()?.kind.as_ref()? {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}
