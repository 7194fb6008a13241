package io.embedlake.remote.http;

import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** So many texts a call; a text that is {@code "unsent"} is refused. Immutable. */
record ToyPacker(int texts) implements Packer {
    @Override
    public Iterator<Packed> pack(Iterator<Input> input) {
        return new Iterator<>() {
            private boolean isUnsent;

            @Override
            public boolean hasNext() {
                return isUnsent || input.hasNext();
            }

            @Override
            public Packed next() {
                List<PreparedText> batch = new ArrayList<>();
                while (!isUnsent && batch.size() < texts && input.hasNext()) {
                    String text = input.next().text();
                    if (text.equals("unsent")) {
                        isUnsent = true;
                    } else {
                        batch.add(new PreparedText(text, 3, false));
                    }
                }
                if (batch.isEmpty()) {
                    isUnsent = false;
                    return new Packed.Unsent(new Outcome.Refused(ErrorKind.INVALID_INPUT, "unsent"));
                }
                return new Packed.Batch(batch);
            }
        };
    }
}
