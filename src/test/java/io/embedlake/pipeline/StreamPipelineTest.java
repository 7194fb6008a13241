package io.embedlake.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.StreamEmbedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamPipelineTest {
    /** An image that is read when it is asked for; a negative number cannot be. */
    private record Numbered(int number) implements Input.Image {
        @Override
        public long size() {
            return 1;
        }

        @Override
        public byte[] image() {
            if (number < 0) {
                throw new EmbedlakeException(ErrorKind.TRANSIENT, "the file of " + number + " is not there");
            }
            return new byte[] {(byte) number};
        }
    }

    /** Gives each image its byte as vector, and reads one input for one outcome. */
    private record Bytes(InputKind inputs) implements StreamEmbedder {
        @Override
        public OutcomeStream embed(Iterator<Input> images) {
            return new OutcomeStream() {
                @Override
                public boolean hasNext() {
                    return images.hasNext();
                }

                @Override
                public Outcome next() {
                    return new Outcome.Embedded(
                            new float[] {images.next().image()[0]}, Optional.empty(), 1, 0, 1, false);
                }

                @Override
                public Optional<EmbedlakeException> stopped() {
                    return Optional.empty();
                }

                @Override
                public void finish(Duration most) {
                    // Nothing is under way.
                }

                @Override
                public void close() {
                    // Nothing is under way.
                }
            };
        }

        @Override
        public int dimension() {
            return 1;
        }

        @Override
        public EmbeddingSession open() {
            throw new UnsupportedOperationException("it is a stream");
        }
    }

    private static List<String> outcomes(int... numbers) {
        List<String> outcomes = new ArrayList<>();
        try (StreamPipeline pipeline = new StreamPipeline(new Bytes(InputKind.IMAGE))) {
            pipeline.run(IntStream.of(numbers)
                            .mapToObj(number -> new EmbeddingPipeline.Item<>(number, new Numbered(number)))
                            .iterator())
                    .forEachRemaining(result -> outcomes.add(result.key() + " "
                            + (result.outcome() instanceof Outcome.Embedded embedded
                                    ? (int) embedded.vector()[0]
                                    : ((Outcome.Refused) result.outcome()).kind())));
        }
        return outcomes;
    }

    @Test
    void imagesThatCannotBeReadAreRefusedInTheirPlaces() {
        assertEquals(
                List.of("-1 TRANSIENT", "2 2", "3 3", "-4 TRANSIENT", "-5 TRANSIENT", "6 6", "-7 TRANSIENT"),
                outcomes(-1, 2, 3, -4, -5, 6, -7));
        assertEquals(List.of("-1 TRANSIENT"), outcomes(-1));
        assertEquals(List.of(), outcomes());
        assertEquals(100, outcomes(IntStream.range(0, 100).toArray()).size());
    }

    @Test
    void imagesAreTakenAheadOfTheirOutcomesSoThatTheirFilesAreRead() {
        List<Integer> taken = new ArrayList<>();
        Iterator<EmbeddingPipeline.Item<Integer>> items = IntStream.range(0, 40)
                .peek(taken::add)
                .mapToObj(number -> new EmbeddingPipeline.Item<>(number, (Input) new Numbered(number)))
                .iterator();
        try (StreamPipeline pipeline = new StreamPipeline(new Bytes(InputKind.IMAGE))) {
            pipeline.run(items).next();
        }
        assertEquals(16, taken.size());
    }
}
