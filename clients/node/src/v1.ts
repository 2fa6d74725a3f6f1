/** Every message, enum and service of samplemind.v1, for Client.call and Client.stream. */
export * from "./generated/samplemind/v1/analysis_pb.js";
export * from "./generated/samplemind/v1/audio_pb.js";
export * from "./generated/samplemind/v1/auth_pb.js";
export * from "./generated/samplemind/v1/event_pb.js";
export * from "./generated/samplemind/v1/flag_pb.js";
export * from "./generated/samplemind/v1/library_pb.js";
export * from "./generated/samplemind/v1/plugin_pb.js";
export * from "./generated/samplemind/v1/status_pb.js";
export * from "./generated/samplemind/v1/watch_pb.js";
