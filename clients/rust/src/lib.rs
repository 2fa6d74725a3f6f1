#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod account;
mod analysis;
mod answers;
mod channel;
mod client;
mod credential;
mod error;
mod events;
#[cfg(test)]
mod fake;
mod line;
mod live;
mod pages;
mod session;
mod source;
mod tape;
mod tokens;
mod tries;
mod upload;

pub use client::{Client, request_id};
pub use error::{Error, Result};
pub use prost::bytes::Bytes;
pub use session::Session;
pub use tonic::Code;
pub use upload::Uploaded;
pub use v1::{analyze_live_response::Update as LiveUpdate, analyze_response::Update};

/// What comes one after the other, and may end with an error; nothing comes after that.
pub type ResultStream<T> = futures_util::stream::BoxStream<'static, Result<T>>;

/// The messages and calls of `samplemind/v1/*.proto`.
pub mod v1 {
    #![allow(missing_docs, clippy::all, rustdoc::all)]
    include!(concat!(env!("OUT_DIR"), "/samplemind.v1.rs"));
}
