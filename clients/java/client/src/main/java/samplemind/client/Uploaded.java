package samplemind.client;

import samplemind.v1.Audio;

/**
 * A file that the daemon has now.
 *
 * @param audio the sound that its bytes are
 * @param sentBytes what was sent for it: 0 where the daemon had them already
 */
public record Uploaded(Audio audio, long sentBytes) {}
