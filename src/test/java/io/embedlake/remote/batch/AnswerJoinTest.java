package io.embedlake.remote.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.embedlake.fake.settings.Provider;
import io.embedlake.remote.batch.BatchStatus.State;
import io.embedlake.remote.batch.api.BatchApis;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Outcome.Embedded;
import io.embedlake.spi.Outcome.Refused;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerJoinTest {
    private static final BatchStatus DONE = new BatchStatus(State.DONE, List.of(), "");

    @TempDir
    Path folder;

    private final KeptOutcomes outcomes = new KeptOutcomes();

    private static String line(String id, String vector) {
        return "{\"custom_id\":\"" + id + "\",\"error\":null,\"response\":{\"status_code\":200,\"body\":"
                + "{\"data\":[{\"index\":0,\"embedding\":" + vector + "}],\"usage\":{\"total_tokens\":7}}}}";
    }

    private AnswerJoin join(BatchStatus over, String... lines) throws IOException {
        Path file = Files.write(folder.resolve("answers.jsonl"), List.of(lines));
        AnswerJoin join = new AnswerJoin(BatchApis.of(URI.create("http://127.0.0.1:1"), Provider.OPENAI, time -> {}));
        join.hand(List.of(new SentText("a", 5), new SentText("b", 5)), over, List.of(file), outcomes);
        outcomes.commit("batch");
        return join;
    }

    @Test
    void joinsByIdAndNotByPlace() throws IOException {
        join(DONE, line("b", "[2.0]"), line("a", "[1.0]"));

        Embedded a = assertInstanceOf(Embedded.class, outcomes.kept.get("a"));
        assertArrayEquals(new float[] {1}, a.vector());
        assertEquals(7, a.tokens());
        assertArrayEquals(
                new float[] {2},
                assertInstanceOf(Embedded.class, outcomes.kept.get("b")).vector());
    }

    @Test
    void anIdThatIsAnsweredTwiceGetsNoVector() throws IOException {
        join(DONE, line("a", "[1.0]"), line("b", "[2.0]"), line("a", "[3.0]"));

        assertEquals(new Refused(ErrorKind.PROTOCOL, "the batch has 2 answers for this text"), outcomes.kept.get("a"));
        assertInstanceOf(Embedded.class, outcomes.kept.get("b"));
    }

    @Test
    void anIdWithoutAnAnswerIsAFault() throws IOException {
        join(DONE, line("a", "[1.0]"));

        assertEquals(new Refused(ErrorKind.PROTOCOL, "the batch has no answer for this text"), outcomes.kept.get("b"));
    }

    @Test
    void aLineThatCannotBeReadIsNamedAsTheReason() throws IOException {
        join(DONE, line("a", "[1.0]"), "{\"custom_id\":\"b\",\"respon");

        assertEquals(
                new Refused(ErrorKind.PROTOCOL, "the batch has no answer for this text; 1 of its lines cannot be read"),
                outcomes.kept.get("b"));
    }

    @Test
    void anAnswerForNobodyIsLeftAsideAndCounted() throws IOException {
        AnswerJoin join = join(DONE, line("a", "[1.0]"), line("b", "[2.0]"), line("c", "[3.0]"));

        assertEquals(1, join.unknown());
        assertEquals(2, outcomes.kept.size());
    }

    @Test
    void aValueThatIsNoNumberIsRefused() throws IOException {
        join(DONE, line("a", "[null]"), line("b", "[2.0]"));

        Refused refused = assertInstanceOf(Refused.class, outcomes.kept.get("a"));
        assertEquals(ErrorKind.PROTOCOL, refused.kind());
        assertEquals("HTTP 200: value 0 of a vector is null", refused.reason());
    }

    @Test
    void aTextWhoseTurnNeverCameMayBeTriedAgain() throws IOException {
        join(new BatchStatus(State.CANCELLED, List.of(), ""), line("a", "[1.0]"));

        assertEquals(
                new Refused(ErrorKind.TRANSIENT, "the batch was cancelled before this text's turn"),
                outcomes.kept.get("b"));
    }
}
