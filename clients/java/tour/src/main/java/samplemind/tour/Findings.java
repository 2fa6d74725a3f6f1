package samplemind.tour;

import java.util.List;
import samplemind.v1.Descriptor;
import samplemind.v1.Value;

/** What was found in a sound. */
record Findings(List<Descriptor> descriptors) {
    /** The finding of this name; an empty one where there is none. */
    Descriptor get(String name) {
        return descriptors.stream()
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElse(Descriptor.getDefaultInstance());
    }

    /** A number, whole or not, or a text; null of any other kind, and where it is not known. */
    static Object plain(Value value) {
        return switch (value.getKindCase()) {
            case NUMBER -> value.getNumber();
            case INTEGER -> value.getInteger();
            case TEXT -> value.getText();
            default -> null;
        };
    }

    /** The probability that a finding is right; null where none is known. */
    static Double confidence(Descriptor finding) {
        return finding.hasConfidence() ? finding.getConfidence() : null;
    }
}
