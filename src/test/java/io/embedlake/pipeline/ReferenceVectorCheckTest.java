package io.embedlake.pipeline;

import static io.embedlake.testing.Refusals.assertMisconfigured;

import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbeddingSession;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.testing.Serial;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceVectorCheckTest {
    @Test
    void letsTheSameModelPassAlsoAfterTheJourney() {
        Serial.roundTrip(ReferenceVectorCheck.of("m", new Bent(0, 0))).check(new Bent(0, 0), "executor 1");
        ReferenceVectorCheck.OPEN.check(new Bent(1, 1), "executor 1");
    }

    @Test
    void stopsAModelWhoseVectorsAreOthers() {
        ReferenceVectorCheck gate = ReferenceVectorCheck.of("m", new Bent(0, 0));
        assertMisconfigured(
                () -> gate.check(new Bent(0.5f, 0), "executor 1"),
                "Cannot trust the vectors that m makes on executor 1: a reference text embedded alone has a cosine of ");
    }

    @Test
    void stopsAModelWhoseVectorsDependOnTheirNeighbours() {
        ReferenceVectorCheck gate = ReferenceVectorCheck.of("m", new Bent(0, 0));
        assertMisconfigured(() -> gate.check(new Bent(0, 0.5f), "executor 1"), "embedded in a mixed batch");
    }

    @Test
    void asksNothingOfTextsThatTheModelDoesNotTake() {
        ReferenceVectorCheck gate = ReferenceVectorCheck.of("m", new Bent(0, 0, 40));
        gate.check(new Bent(0, 0, 40), "executor 1");
        assertMisconfigured(
                () -> gate.check(new Bent(0.5f, 0, 40), "executor 1"),
                "Cannot trust the vectors that m makes on executor 1");
        ReferenceVectorCheck.of("m", new Bent(0, 0, 1000)).check(new Bent(0, 0, 1000), "executor 1");
    }

    @Test
    void modelsOfImagesAreGivenImages() {
        ReferenceVectorCheck gate = Serial.roundTrip(ReferenceVectorCheck.of("m", new Bent(0, 0).ofImages()));
        gate.check(new Bent(0, 0).ofImages(), "executor 1");
        assertMisconfigured(
                () -> gate.check(new Bent(0.5f, 0).ofImages(), "executor 1"),
                "Cannot trust the vectors that m makes on executor 1: a reference image embedded alone has a cosine of ");
    }

    /** Vectors of a text's length and characters, bent always or in company. */
    private record Bent(float always, float inCompany, int shortest, InputKind inputs)
            implements Embedder, EmbeddingSession {
        Bent(float always, float inCompany) {
            this(always, inCompany, 1);
        }

        Bent(float always, float inCompany, int shortest) {
            this(always, inCompany, shortest, InputKind.TEXT);
        }

        Bent ofImages() {
            return new Bent(always, inCompany, shortest, InputKind.IMAGE);
        }

        private record Length(int tokens) implements EncodedInput {

            @Override
            public boolean truncated() {
                return false;
            }
        }

        @Override
        public int dimension() {
            return 3;
        }

        @Override
        public EmbeddingSession open() {
            return this;
        }

        @Override
        public EncodedInput encode(Input input) {
            if (input.size() < shortest) {
                throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the text is too short");
            }
            return new Length(
                    inputs == InputKind.IMAGE
                            ? input.image().length
                            : input.text().length());
        }

        @Override
        public List<float[]> embed(List<EncodedInput> batch) {
            float bend = always + (batch.size() > 1 ? inCompany : 0);
            return batch.stream()
                    .map(text -> new float[] {1, text.tokens() % 7, bend * 10})
                    .toList();
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
