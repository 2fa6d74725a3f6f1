package samplemind.client;

import java.util.List;

/**
 * A page of a list.
 *
 * @param values in their order
 * @param nextToken for the page after it; empty if this is the last
 * @param total how many match in all
 */
public record Page<V>(List<V> values, String nextToken, long total) {
    /** A page whose values nobody changes. */
    public Page {
        values = List.copyOf(values);
    }
}
