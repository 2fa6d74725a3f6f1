//! Does all that a client can, in turn, and prints a JSON object a line.
//!
//! ```sh
//! cargo run --example tour -- SERVER EMAIL PASSWORD FILE.wav
//! ```

use std::{
    collections::BTreeMap,
    env,
    error::Error as StdError,
    io::{self, Write},
    process::ExitCode,
    time::SystemTime,
};

use futures_util::{TryStreamExt, stream};
use samplemind_client::{
    Bytes, Client, Error, LiveUpdate, Update,
    v1::{self, value::Kind},
};
use serde_json::{Value, json};

type Result<T = ()> = std::result::Result<T, Box<dyn StdError>>;

const NOWHERE: &str = "00000000-0000-4000-8000-000000000000"; // no sound has this id
const PIECE_FRAMES: usize = 1_024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match tour().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn tour() -> Result {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [server, email, password, file] = arguments.as_slice() else {
        return Err("usage: tour SERVER EMAIL PASSWORD FILE.wav".into());
    };
    let nobody = Client::new(server)?;
    refused(&nobody, email, password).await?;
    let client = login(&nobody, email, password).await?;
    let sound = upload(&client, file).await?;
    let bpm = analyze(&client, &sound.id).await?;
    events(&client, &sound.id).await?;
    list(&client).await?;
    search(&client, &sound.name, bpm).await?;
    live(&client, file).await?;
    mistakes(&client).await?;
    renewed(&client).await?;
    logout(&client).await
}

async fn refused(nobody: &Client, email: &str, password: &str) -> Result {
    let error = refusal(nobody.sign_in(email, format!("{password}x")).await)?;
    say("refused", json!({"code": error.code_name(), "reason": error.reason()}))
}

async fn login(nobody: &Client, email: &str, password: &str) -> Result<Client> {
    let client = nobody.sign_in(email, password).await?;
    let me = client.me().await?;
    let scope = me.scope().as_str_name();
    say("login", json!({"email": me.user.unwrap_or_default().email, "scope": scope}))?;
    Ok(client)
}

async fn upload(client: &Client, file: &str) -> Result<v1::Audio> {
    let sent = client.upload(file).await?;
    let sound = sent.audio;
    say(
        "upload",
        json!({
            "id": sound.id,
            "name": sound.name,
            "size_bytes": sound.size_bytes,
            "sha256": sound.sha256,
            "sent_bytes": sent.sent_bytes,
        }),
    )?;
    let again = client.upload(file).await?;
    say("again", json!({"id": again.audio.id, "sent_bytes": again.sent_bytes}))?;
    Ok(sound)
}

/// Follows the analysis to its end, and answers the beats a minute.
async fn analyze(client: &Client, audio_id: &str) -> Result<f64> {
    let (mut kinds, mut result) = (Vec::new(), v1::Analysis::default());
    let mut updates = client.analyze(audio_id);
    while let Some(update) = updates.try_next().await? {
        let kind = match update {
            Update::Queued(_) => "queued",
            Update::Decoding(_) => "decoding",
            Update::Finding(_) => "finding",
            Update::Result(analysis) => {
                result = analysis;
                "result"
            }
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let tempo = result.descriptor("tempo.bpm").ok_or("the tempo was not heard")?;
    let state = result.audio.as_ref().map(|audio| audio.state().as_str_name());
    say(
        "analyze",
        json!({
            "updates": kinds,
            "state": state,
            "bpm": tempo.number(),
            "unit": tempo.unit,
            "confidence": tempo.confidence,
            "key": result.descriptor("key.key").and_then(|key| key.text()),
        }),
    )?;
    Ok(tempo.number().ok_or("the tempo is not known")?)
}

async fn events(client: &Client, audio_id: &str) -> Result {
    let (mut kinds, mut cursor) = (Vec::new(), String::new());
    let mut events = client.events("0", &[]);
    while let Some(event) = events.try_next().await? {
        cursor = event.cursor;
        if event.audio_id == audio_id {
            kinds.push(event.kind);
        }
        if kinds.last().is_some_and(|kind| kind == "audio.completed") {
            break;
        }
    }
    say("events", json!({"kinds": kinds, "cursor": cursor}))
}

async fn list(client: &Client) -> Result {
    let (mut ids, mut count) = (Vec::new(), 0);
    let mut pages = client.sound_pages(v1::AudioServiceListRequest { page_size: 1, ..Default::default() });
    while let Some(page) = pages.try_next().await? {
        ids.extend(page.audios.into_iter().map(|audio| audio.id));
        count += 1;
    }
    say("list", json!({"ids": ids, "pages": count}))
}

async fn search(client: &Client, name: &str, bpm: f64) -> Result {
    let word = name.split(|letter: char| !letter.is_alphanumeric()).find(|word| !word.is_empty());
    let query = v1::Query {
        text: word.unwrap_or_default().into(),
        bpm: Some(v1::Range { low: Some(bpm - 1.0), high: Some(bpm + 1.0) }),
        ..Default::default()
    };
    let (mut ids, mut total) = (Vec::new(), 0);
    let mut pages = client.search_pages(v1::QueryRequest { query: Some(query), ..Default::default() });
    while let Some(page) = pages.try_next().await? {
        total = page.total;
        ids.extend(page.found.into_iter().filter_map(|found| Some(found.audio?.id)));
    }
    say("search", json!({"ids": ids, "total": total}))
}

/// Plays a file's samples as if they came from a microphone.
async fn live(client: &Client, file: &str) -> Result {
    let (config, samples) = read_wav(file)?;
    let frame_bytes = 2 * usize::try_from(config.channels)?;
    let frames = samples.len() / frame_bytes;
    let pieces = move |start: usize| {
        let end = samples.len().min(start + PIECE_FRAMES * frame_bytes);
        (start < end).then(|| (Ok::<_, io::Error>(samples.slice(start..end)), end))
    };
    let sound = stream::unfold(0, move |start| std::future::ready(pieces(start)));
    let (mut estimates, mut gaps, mut finals) = (0, 0, BTreeMap::new());
    let mut updates = client.play(config, sound);
    while let Some(update) = updates.try_next().await? {
        match update {
            LiveUpdate::Estimate(_) => estimates += 1,
            LiveUpdate::Gap(_) => gaps += 1,
            LiveUpdate::Final(found) => {
                finals.extend(single(found.value).map(|value| (found.name, value)));
            }
            _ => {}
        }
    }
    say("live", json!({"frames": frames, "estimates": estimates, "gaps": gaps, "finals": finals}))
}

/// A value that is a number or a text.
fn single(value: Option<v1::Value>) -> Option<Value> {
    match value?.kind? {
        Kind::Number(number) => Some(number.into()),
        Kind::Integer(number) => Some(number.into()),
        Kind::Text(text) => Some(text.into()),
        _ => None,
    }
}

/// What is written in 16-bit PCM, and how.
fn read_wav(file: &str) -> Result<(v1::LiveConfig, Bytes)> {
    let mut wav = hound::WavReader::open(file)?;
    let spec = wav.spec();
    let config = v1::LiveConfig {
        format: v1::SampleFormat::S16le.into(),
        sample_rate_hz: spec.sample_rate.try_into()?,
        channels: spec.channels.into(),
        update_seconds: 0.1, // as often as can be: a file is heard much faster than it is played
        ..Default::default()
    };
    let samples = wav.samples::<i16>().collect::<std::result::Result<Vec<_>, _>>()?;
    Ok((config, samples.into_iter().flat_map(i16::to_le_bytes).collect()))
}

async fn mistakes(client: &Client) -> Result {
    let missing = refusal(client.sound(NOWHERE).await)?;
    say("missing", json!({"code": missing.code_name(), "reason": missing.reason()}))?;
    let request = v1::AudioServiceListRequest { page_size: -1, ..Default::default() };
    let wrong = refusal(client.sound_pages(request).try_next().await)?;
    let fields: Vec<_> = wrong.fields().keys().collect();
    say("wrong", json!({"code": wrong.code_name(), "reason": wrong.reason(), "fields": fields}))
}

/// Waits until the access token has ended, and goes on as if nothing had been.
async fn renewed(client: &Client) -> Result {
    let session = client.session().ok_or("nobody is signed in")?;
    let left = session.expires_at().duration_since(SystemTime::now()).unwrap_or_default();
    say("wait", json!({"seconds": left.as_secs_f64()}))?;
    tokio::time::sleep(left).await;
    let me = client.me().await?;
    say("renewed", json!({"email": me.user.unwrap_or_default().email, "renewals": session.renewals()}))
}

async fn logout(client: &Client) -> Result {
    let last = client.session().ok_or("nobody is signed in")?.access_token();
    client.log_out().await?;
    say("logout", json!({}))?;
    let ended = refusal(client.with_access_token(last).me().await)?;
    say("ended", json!({"code": ended.code_name(), "reason": ended.reason()}))
}

/// The refusal that there should be; a daemon that cannot be reached has not refused.
fn refusal<T>(answer: samplemind_client::Result<T>) -> Result<Error> {
    match answer {
        Err(error) if error.reason() != Error::CANNOT_REACH => Ok(error),
        Err(error) => Err(error.into()),
        Ok(_) => Err("the daemon did not refuse".into()),
    }
}

/// Prints a line, and sees that it is read.
fn say(step: &str, facts: Value) -> Result {
    let mut line = json!({"step": step});
    if let (Some(line), Value::Object(facts)) = (line.as_object_mut(), facts) {
        line.extend(facts);
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
