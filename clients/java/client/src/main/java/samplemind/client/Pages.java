package samplemind.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A list that is fetched page by page, as its values are asked for: no more than a page is held. */
public final class Pages<V> implements Iterable<Page<V>> {
    private final String first;
    private final Function<String, Page<V>> fetch;

    /** {@code fetch} answers the page of a token; {@code first} is that of the first one. */
    Pages(String first, Function<String, Page<V>> fetch) {
        this.first = first;
        this.fetch = fetch;
    }

    /** The pages from the first on; each is fetched when it is asked for. */
    @Override
    public Iterator<Page<V>> iterator() {
        return new Each();
    }

    /** All values, in their order. */
    public Stream<V> stream() {
        return StreamSupport.stream(spliterator(), false).flatMap(page -> page.values().stream());
    }

    private final class Each implements Iterator<Page<V>> {
        private String token = first; // of the next page; null after the last

        @Override
        public boolean hasNext() {
            return token != null;
        }

        @Override
        public Page<V> next() {
            if (token == null) {
                throw new NoSuchElementException();
            }
            Page<V> page = fetch.apply(token);
            token = page.nextToken().isEmpty() ? null : page.nextToken();
            return page;
        }
    }
}
