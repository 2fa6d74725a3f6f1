package samplemind.tour;

import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import samplemind.client.SampleMind;
import samplemind.v1.AnalyzeLiveResponse;
import samplemind.v1.LiveConfig;
import samplemind.v1.SampleFormat;

/** A file, played as if it came from a stage. */
final class LiveTour {
    private final SampleMind client;
    private final Lines lines;
    private final TreeMap<String, Object> finals = new TreeMap<>();
    private int estimates;
    private int gaps;

    LiveTour(SampleMind client, Lines lines) {
        this.client = client;
        this.lines = lines;
    }

    /** Plays a WAV file of 16 bits, as fast as it is taken. */
    void play(Path file) throws IOException {
        try (var sound = open(file);
                var updates = client.play(config(sound.getFormat()), sound)) {
            updates.forEach(this::hear);
            lines.say(
                    "live",
                    "frames", sound.getFrameLength(),
                    "estimates", estimates,
                    "gaps", gaps,
                    "finals", finals);
        }
    }

    private void hear(AnalyzeLiveResponse update) {
        switch (update.getUpdateCase()) {
            case ESTIMATE -> estimates++;
            case GAP -> gaps++;
            case FINAL -> keep(update.getFinal());
            default -> {} // progress, beats, loudness and the end
        }
    }

    private void keep(samplemind.v1.Descriptor finding) {
        Object value = Findings.plain(finding.getValue());
        if (value != null) {
            finals.put(finding.getName(), value);
        }
    }

    private static LiveConfig config(AudioFormat format) {
        return LiveConfig.newBuilder()
                .setFormat(SampleFormat.SAMPLE_FORMAT_S16LE)
                .setSampleRateHz(Math.round(format.getSampleRate()))
                .setChannels(format.getChannels())
                .setUpdateSeconds(0.1) // as often as can be: a file is heard much faster than it is played
                .build();
    }

    private static AudioInputStream open(Path file) throws IOException {
        try {
            var sound = AudioSystem.getAudioInputStream(file.toFile());
            if (sound.getFormat().getSampleSizeInBits() != 16 || sound.getFormat().isBigEndian()) {
                throw new IOException(file + " is not 16-bit PCM");
            }
            return sound;
        } catch (UnsupportedAudioFileException error) {
            throw new IOException(file + " is no WAV file", error);
        }
    }
}
