package io.embedlake.remote.batch;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/** The texts that are not in a batch in flight. Confined to one thread. */
final class OtherTexts implements Iterator<BatchText> {
    private final Iterator<BatchText> all;
    private final Set<String> onTheWay;
    private Optional<BatchText> next = Optional.empty();

    OtherTexts(Iterator<BatchText> all, Set<String> onTheWay) {
        this.all = all;
        this.onTheWay = onTheWay;
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty() && all.hasNext()) {
            next = Optional.of(all.next()).filter(text -> !onTheWay.contains(text.id()));
        }
        return next.isPresent();
    }

    @Override
    public BatchText next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        BatchText text = next.orElseThrow();
        next = Optional.empty();
        return text;
    }
}
