package samplemind.tour;

import java.nio.file.Path;
import samplemind.client.SampleMind;
import samplemind.client.SampleMindException;

/** Prints how fast a sound is: SAMPLEMIND_KEY=sm_... Tempo SERVER FILE. */
public final class Tempo {
    public static void main(String[] arguments) throws Exception {
        try (var client = SampleMind.connect(arguments[0])) {
            client.auth().loginWithKey(System.getenv("SAMPLEMIND_KEY"));
            var sound = client.sounds().upload(Path.of(arguments[1])).audio();
            try (var updates = client.analyze(sound.getId())) {
                for (var update : updates) {
                    for (var found : update.getResult().getDescriptorsList()) {
                        if (found.getName().equals("tempo.bpm") && found.hasValue()) {
                            System.out.println(found.getValue().getNumber() + " " + found.getUnit());
                        }
                    }
                }
            }
        } catch (SampleMindException error) {
            if (!error.reason().equals("TOO_LARGE")) {
                throw error;
            }
            System.err.println("Cut it first. " + error.getMessage());
        }
    }
}
